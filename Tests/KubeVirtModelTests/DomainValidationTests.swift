import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct DomainValidationTests {
    @Test(
        "a wrong value of the domain is told with its field, value and remedy",
        arguments: [
            ("memory: {}", "memory.guest: is missing, and no memory is requested either: write, say, 512Mi"),
            ("memory: {guest: 1023Ki}", "memory.guest: \"1023Ki\" is less than 1Mi: no guest starts with that"),
            ("memory: {guest: -1Gi}", "memory.guest: \"-1Gi\" is less than 1Mi: no guest starts with that"),
            ("memory: {guest: 65Ti}", "memory.guest: \"65Ti\" is more than the 64Ti that QEMU takes"),
            ("memory: {guest: 9Ei}", "memory.guest: \"9Ei\" is too large: an amount is less than 8Ei"),
            (
                "cpu: {sockets: 17, cores: 17}",
                "cpu: 17 sockets x 17 cores x 1 threads are 289 vCPUs, and a guest takes at most 288"
            ),
            ("cpu: {cores: -1}", "cpu.cores: -1 is not a whole number from 0 to 4294967295"),
            ("cpu: {cores: 1.5}", "cpu.cores: 1.5 is not a whole number from 0 to 4294967295"),
            (
                "cpu: {model: 'a b'}",
                "cpu.model: \"a b\" is no CPU model: write host-model, host-passthrough or a name such as EPYC"
            ),
            (
                "cpu: {model: \"x\\n\"}",
                "cpu.model: \"x\n\" is no CPU model: write host-model, host-passthrough or a name such as EPYC"
            ),
            (
                "cpu: {features: [{name: ok}, {name: '<x>'}]}",
                "cpu.features[1].name: \"<x>\" is no CPU feature: write one such as vmx"
            ),
            (
                "cpu: {features: [{name: a, policy: maybe}]}",
                "cpu.features[0].policy: \"maybe\" is not one of force, require, optional, disable, forbid"
            ),
            (
                "machine: {type: pc-i440fx-7.2}",
                "machine.type: \"pc-i440fx-7.2\" is not supported: write q35, or one of its versions such as pc-q35-7.2"
            ),
            (
                "machine: {type: 'q35 x'}",
                "machine.type: \"q35 x\" is not supported: write q35, or one of its versions such as pc-q35-7.2"
            ),
            (
                "clock: {timezone: '../etc'}",
                "clock.timezone: \"../etc\" is no time zone: write one such as Europe/Berlin"
            ),
            ("clock: {utc: {}, timezone: UTC}", "clock: utc and timezone exclude each other: remove one"),
            (
                "clock: {timer: {rtc: {tickPolicy: merge}}}",
                "clock.timer.rtc.tickPolicy: \"merge\" is not supported: write delay or catchup"
            ),
            (
                "clock: {timer: {pit: {tickPolicy: \"a\\u0001\"}}}",
                "clock.timer.pit.tickPolicy: \"a\u{1}\" is not supported: write delay, catchup or discard"
            ),
            (
                "clock: {timer: {rtc: {track: moon}}}",
                "clock.timer.rtc.track: \"moon\" is not supported: write guest or wall"
            ),
            ("firmware: {uuid: 123}", "firmware.uuid: 123 is not a string: put it in quotes"),
            (
                "firmware: {uuid: 5d307ca9-b3ef-428c-8861-06e72d69f22}",
                "firmware.uuid: \"5d307ca9-b3ef-428c-8861-06e72d69f22\" is no UUID: write one such as 5d307ca9-b3ef-428c-8861-06e72d69f223"
            ),
            (
                "firmware: {bootloader: {bios: {}, efi: {secureBoot: false}}}",
                "firmware.bootloader: bios and efi exclude each other: remove one"
            ),
            (
                "firmware: {bootloader: {efi: {}}}",
                "firmware.bootloader.efi.secureBoot: is true (its default), and needs spec.domain.features.smm.enabled: true; set that, or secureBoot: false"
            ),
            (
                "firmware: {kernelBoot: {kernelArgs: x}}",
                "firmware.kernelBoot.container: is missing, and kernelArgs mean nothing without a kernel"
            ),
            (
                "firmware: {kernelBoot: {container: {image: ''}}}",
                "firmware.kernelBoot.container.kernelPath: is missing: name the kernel's path in the image"
            ),
            (
                "firmware: {kernelBoot: {container: {image: a, kernelPath: k}}}",
                "firmware.kernelBoot.container.kernelPath: \"k\" must be absolute and without ..: write the file's full path"
            ),
            (
                "firmware: {kernelBoot: {container: {image: a, kernelPath: /k, initrdPath: i}}}",
                "firmware.kernelBoot.container.initrdPath: \"i\" must be absolute and without ..: write the file's full path"
            ),
            ("rebootPolicy: Never", "rebootPolicy: \"Never\" is not one of Reboot, Terminate"),
            (
                "resources: {requests: {memory: -1Gi}}",
                "resources.requests[memory]: \"-1Gi\" is negative: write 0 or more"
            ),
            ("resources: {limits: {cpu: -1}}", "resources.limits[cpu]: \"-1\" is negative: write 0 or more"),
            (
                "devices: {video: {type: xyz}}",
                "devices.video.type: \"xyz\" is not supported: write vga, virtio, bochs, cirrus, qxl or ramfb"
            ),
            (
                "devices: {watchdog: {name: 'a b', i6300esb: {}}}",
                "devices.watchdog.name: \"a b\" is no name: write at most 63 letters, digits, - and _"
            ),
            (
                "devices: {watchdog: {name: w, i6300esb: {action: explode}}}",
                "devices.watchdog.i6300esb.action: \"explode\" is not one of poweroff, reset, shutdown"
            ),
            (
                "devices: {inputs: [{name: \"a\\u0002\", type: tablet}]}",
                "devices.inputs[0].name: \"a\u{2}\" is no name: write at most 63 letters, digits, - and _"
            ),
            (
                "devices: {inputs: [{name: a, type: keyboard}]}",
                "devices.inputs[0].type: \"keyboard\" is not one of tablet"
            ),
        ])
    func wrong(domain: String, issue: String) {
        let found = Manifests.issues(Manifests.domain(domain))
        #expect(found.contains("spec.domain.\(issue)"), "\(found)")
    }

    @Test("so many vCPUs that their product overflows are refused, not counted")
    func overflow() {
        let issues = Manifests.issues(
            Manifests.domain("cpu: {sockets: 4294967295, cores: 4294967295, threads: 4294967295}"))
        #expect(issues.count == 1)
        #expect(
            issues.first?.hasPrefix("spec.domain.cpu: 4294967295 sockets x 4294967295 cores x 4294967295 threads")
                == true)
    }

    @Test("a CPU request beyond all sense is refused by its figure")
    func hugeRequest() {
        #expect(
            Manifests.issues(Manifests.domain("resources: {requests: {cpu: 9P}}")).map { $0.prefix(16) } == [
                "spec.domain.cpu:"
            ])
    }

    @Test(
        "sound values of the domain are taken",
        arguments: [
            "memory: {guest: 1Mi}", "memory: {guest: 64Ti}", "cpu: {cores: 288}",
            "cpu: {model: Skylake-Client-noTSX-IBRS}", "cpu: {model: EPYC-v4}",
            "machine: {type: pc-q35-7.2}", "machine: {type: q35}", "clock: {timezone: America/Argentina/Buenos_Aires}",
            "clock: {timezone: Etc/GMT+5}",
            "clock: {utc: {offsetSeconds: -3600}, timer: {rtc: {tickPolicy: catchup, track: guest}, pit: {tickPolicy: discard}, hpet: {tickPolicy: merge}}}",
            "firmware: {uuid: 5D307CA9-B3EF-428C-8861-06E72D69F223}",
            "firmware: {bootloader: {efi: {secureBoot: false}}}",
            "firmware: {bootloader: {efi: {}}}\nfeatures: {smm: {}}",
            "firmware: {kernelBoot: {container: {image: a, kernelPath: /k}}}",
            "cpu: {dedicatedCpuPlacement: false, isolateEmulatorThread: false}",
            "devices: {gpus: [], hostDevices: [], sound: ~}",
        ])
    func sound(domain: String) { #expect(Manifests.issues(Manifests.domain(domain)) == []) }

    @Test("secure boot needs SMM to be on, not only named")
    func smmOff() {
        let issues = Manifests.issues(
            Manifests.domain("firmware: {bootloader: {efi: {}}}\nfeatures: {smm: {enabled: false}}"))
        #expect(issues.count == 1)
    }

    static let xmlFields = [
        "chassis: {manufacturer: TEXT}", "chassis: {version: TEXT}",
        "chassis: {serial: TEXT}", "chassis: {asset: TEXT}",
        "chassis: {sku: TEXT}", "firmware: {kernelBoot: {container: {image: a, kernelPath: /k}, kernelArgs: TEXT}}",
        "firmware: {kernelBoot: {container: {image: a, kernelPath: TEXT}}}",
        "firmware: {kernelBoot: {container: {image: a, kernelPath: /k, initrdPath: TEXT}}}",
    ]

    @Test(
        "a character that XML cannot hold is refused by its field",
        arguments: xmlFields,
        [
            (#"\0"#, "0"), (#"\x01"#, "1"), (#"\x1f"#, "1F"), (#"\x7f"#, "7F"), (#"\uFFFE"#, "FFFE"),
            (#"\uFFFF"#, "FFFF"), (#"\e"#, "1B"),
        ])
    func controlCharacters(field: String, character: (escape: String, code: String)) throws {
        let issues = Manifests.issues(Manifests.domain(field.replacing("TEXT", with: "\"/a\(character.escape)b\"")))
        let issue = try #require(issues.first)
        #expect(issues.count == 1)
        #expect(issue.hasSuffix("holds the character U+\(character.code), which XML cannot: remove it"), "\(issue)")
        let name = try #require(field.replacing(": TEXT", with: "").split { !$0.isLetter }.last)
        #expect(issue.contains(".\(name): "), "\(issue)")
    }

    @Test("markup, quotes and lines are ordinary text", arguments: xmlFields)
    func markup(field: String) {
        #expect(Manifests.issues(Manifests.domain(field.replacing("TEXT", with: #""/<a b='c'>&amp;\"\n\t\r😀""#))) == [])
    }
}
