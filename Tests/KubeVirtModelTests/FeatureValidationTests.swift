import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct FeatureValidationTests {
    private static let clock = "clock: {timer: {hyperv: {}}}"
    private static let efi = "firmware: {bootloader: {efi: {secureBoot: false}}}"

    @Test(
        "what another Hyper-V interface stands on cannot be turned off",
        arguments: [
            ("synic: {}, vpindex: {enabled: false}", ["synic: needs spec.domain.features.hyperv.vpindex"]),
            (
                "synictimer: {}, synic: {enabled: false}",
                ["synictimer: needs spec.domain.features.hyperv.synic"]
            ),
            (
                "ipi: {}, tlbflush: {}, vpindex: {enabled: false}",
                [
                    "ipi: needs spec.domain.features.hyperv.vpindex",
                    "tlbflush: needs spec.domain.features.hyperv.vpindex",
                ]
            ),
            ("evmcs: {}, vapic: {enabled: false}", ["evmcs: needs spec.domain.features.hyperv.vapic"]),
        ])
    func needs(hyperv: String, issues: [String]) {
        let found = Manifests.issues(Manifests.domain("features: {hyperv: {\(hyperv)}}\n\(Self.clock)"))
        #expect(
            found == issues.map { "spec.domain.features.hyperv.\($0), which is off: turn that on, or this off" })
    }

    @Test(
        "a wrong feature is told, and nothing else",
        arguments: [
            (
                "features: {hyperv: {}, hypervPassthrough: {}}",
                ["features.hypervPassthrough: excludes hyperv, since it passes on all that the host has: remove one"]
            ),
            (
                "features: {hyperv: {spinlocks: {spinlocks: 100}}}",
                ["features.hyperv.spinlocks.spinlocks: 100 is too few attempts: write 4096 or more"]
            ),
            (
                "features: {hyperv: {vendorid: {vendorid: abcdefghijklm}}}",
                ["features.hyperv.vendorid.vendorid: \"abcdefghijklm\" is 13 bytes long: write at most 12"]
            ),
            (
                "features: {hyperv: {vendorid: {vendorid: 'a,b'}}}",
                ["features.hyperv.vendorid.vendorid: \"a,b\" holds a comma: remove it"]
            ),
            (
                "features: {hyperv: {vendorid: {vendorid: \"\\u0001\"}}}",
                ["features.hyperv.vendorid.vendorid: holds the character U+1, which XML cannot: remove it"]
            ),
            (
                "features: {hyperv: {vendorid: {}}}",
                ["features.hyperv.vendorid.vendorid: is missing: write at most 12 characters"]
            ),
            (
                "features: {hyperv: {synictimer: {}}}",
                [
                    "features.hyperv.synictimer: needs Hyper-V's clock under KVM: add spec.domain.clock.timer.hyperv: {present: true}"
                ]
            ),
            (
                "cpu: {features: [{name: vmx, policy: disable}]}\nfeatures: {hyperv: {evmcs: {}}}",
                [
                    "features.hyperv.evmcs: needs the CPU feature vmx: write policy: require in spec.domain.cpu.features"
                ]
            ),
            ("launchSecurity: {}", ["launchSecurity: names no kind: write sev, snp or tdx"]),
            (
                "launchSecurity: {sev: {}, snp: {}}\n\(Self.efi)",
                ["launchSecurity: sev and snp exclude each other: keep one"]
            ),
            ("launchSecurity: {sev: {}}", ["launchSecurity.sev: needs EFI: add spec.domain.firmware.bootloader.efi"]),
            (
                "launchSecurity: {snp: {}}\nfirmware: {bootloader: {efi: {persistent: true}}}\nfeatures: {smm: {}}",
                [
                    "launchSecurity.snp: cannot do secure boot: write spec.domain.firmware.bootloader.efi.secureBoot: false",
                    "launchSecurity.snp: keeps no EFI variables: remove spec.domain.firmware.bootloader.efi.persistent",
                ]
            ),
            (
                "launchSecurity: {tdx: {}}\nfirmware: {bootloader: {efi: {}}}\nfeatures: {smm: {}}",
                ["launchSecurity.tdx: has no SMM: write spec.domain.features.smm.enabled: false"]
            ),
            (
                "launchSecurity: {sev: {dhCert: '%', session: YQ==}}\n\(Self.efi)",
                ["launchSecurity.sev.dhCert: is no base64: encode it anew (base64 -w0)"]
            ),
            (
                "ioThreadsPolicy: supplementalPool",
                [
                    "ioThreads.supplementalPoolThreadCount: is missing: supplementalPool needs a number of threads, from 1"
                ]
            ),
            (
                "ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 1025}",
                ["ioThreads.supplementalPoolThreadCount: 1025 is too many threads: write at most 1024"]
            ),
            (
                "ioThreads: {supplementalPoolThreadCount: 2}",
                [
                    "ioThreads.supplementalPoolThreadCount: has no effect: write ioThreadsPolicy: supplementalPool beside it"
                ]
            ),
            (
                "clock: {utc: {offsetSeconds: 9000000000000000000}}",
                ["clock.utc.offsetSeconds: 9000000000000000000 is more than a hundred years: write fewer seconds"]
            ),
            (
                "clock: {timer: {kvm: {tickPolicy: delay}}}",
                ["clock.timer.kvm.tickPolicy: this timer has none: remove it"]
            ),
        ])
    func wrong(domain: String, issues: [String]) {
        #expect(Manifests.issues(Manifests.domain(domain)) == issues.map { "spec.domain.\($0)" })
    }

    @Test("a VM with encrypted memory boots from no network, and one that waits for attestation starts paused")
    func launchSecurity() {
        let text = Manifests.domain(
            "launchSecurity: {sev: {attestation: {}}}\n\(Self.efi)\ndevices: {interfaces: [{name: net, bridge: {}, bootOrder: 1}]}",
            spec: "networks: [{name: net, pod: {}}]")
        let found = Manifests.issues(text)
        #expect(
            found.suffix(2) == [
                "spec.domain.launchSecurity.sev: cannot boot from the network, whose ROM is not encrypted: remove spec.domain.devices.interfaces[0].bootOrder",
                "spec.domain.launchSecurity.sev.attestation: needs a VM that waits for it: write spec.startStrategy: Paused",
            ])
    }

    @Test(
        "sound features are taken",
        arguments: [
            "features: {hyperv: {synictimer: {}, vendorid: {vendorid: abcdefghijkl}, spinlocks: {spinlocks: 8191}}}\n\(clock)",
            "features: {hyperv: {vpindex: {enabled: false}, synic: {enabled: false}, vendorid: {enabled: false}}}",
            "features: {hypervPassthrough: {}}", "features: {hyperv: {}, hypervPassthrough: {enabled: false}}",
            "launchSecurity: {sev: {policy: {encryptedState: true}}}\n\(efi)",
            "launchSecurity: {tdx: {}}\nfirmware: {bootloader: {efi: {secureBoot: false}}}",
            "ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 4}",
        ])
    func sound(domain: String) { #expect(Manifests.issues(Manifests.domain(domain)) == []) }
}
