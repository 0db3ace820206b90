import SystemPackage
import Testing

@testable import HostModel

@Suite struct AcceleratorDecisionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var device: KVMDevice = .opens
        var kvm: GuestRun?
        var plain: GuestRun?
        var reason: AcceleratorVerdict.Reason
        /// Parts of the message.
        var says: [String]
        var remedy: String?
    }

    static let rows = [
        Row(
            testDescription: "ten times faster", kvm: .kvm(seconds: 0.02), reason: .kvmWorks,
            says: ["20 M turns in 0.020 s (1000 M/s)", "10 times faster", "20 M turns in 0.20 s (100 M/s)"]),
        Row(
            testDescription: "just clearly faster", kvm: .kvm(seconds: 0.13), reason: .kvmWorks,
            says: ["1.5 times faster"]),
        Row(
            testDescription: "a little faster is not enough", kvm: .kvm(seconds: 0.15), reason: .kvmTooSlow,
            says: ["1.3 times faster", "clearly"], remedy: "bare metal"),
        Row(
            testDescription: "slower", kvm: .kvm(seconds: 0.4), reason: .kvmTooSlow, says: ["2.0 times slower"],
            remedy: "bare metal"),
        Row(
            testDescription: "interpreted", kvm: .kvm(.timedOut, turns: 100_000, seconds: 1), reason: .kvmTooSlow,
            says: ["0.10 M turns in 1.0 s", "1000 times slower", "given up"], remedy: "bare metal"),
        Row(
            testDescription: "hangs in 64-bit mode", kvm: .kvm(.timedOut, turns: 0, seconds: 3), reason: .kvmIncomplete,
            says: ["never reached 64-bit mode"], remedy: "bare metal"),
        Row(
            testDescription: "a triple fault", kvm: .kvm(.exited, code: 0, turns: 0, seconds: 0),
            reason: .kvmIncomplete,
            says: ["ends with status 0"], remedy: "bare metal"),
        Row(
            testDescription: "aborts, and a plain model is interpreted",
            kvm: .kvm(
                .aborted, code: 6, startup: nil, turns: 0, seconds: 0,
                log: """
                    qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69
                    qemu-system-x86_64: ../../target/i386/kvm/kvm.c:3183: kvm_buf_set_msrs: Assertion `x' failed.
                    """),
            plain: .kvm(.timedOut, model: "qemu64", turns: 100_000, seconds: 1), reason: .kvmAborts,
            says: [
                "QEMU aborts with -cpu host (signal 6: kvm.c:3183: kvm_buf_set_msrs: Assertion `x' failed)",
                "with -cpu qemu64 KVM ran 0.10 M turns in 1.0 s", "1000 times slower",
            ], remedy: "bare metal"),
        Row(
            testDescription: "aborts, though a plain model is fast",
            kvm: .kvm(.aborted, code: 6, startup: nil, turns: 0, seconds: 0), plain: .kvm(model: "qemu64"),
            reason: .kvmAborts, says: ["signal 6", "10 times faster"], remedy: "upgrade QEMU"),
        Row(
            testDescription: "QEMU refuses to start",
            kvm: .kvm(
                .exited, code: 1, startup: nil, turns: 0, seconds: 0,
                log: "qemu-system-x86_64: failed to initialize kvm: Invalid argument"),
            reason: .kvmAborts, says: ["status 1", "ran no instruction", "failed to initialize kvm: Invalid argument"],
            remedy: "bare metal"),
        Row(
            testDescription: "no device", device: .absent, reason: .kvmAbsent, says: ["no /dev/kvm"],
            remedy: "modprobe kvm_amd"),
        Row(
            testDescription: "no permission", device: .notPermitted, reason: .kvmNotPermitted, says: ["may not open"],
            remedy: "chmod 0660 /dev/kvm"),
        Row(
            testDescription: "the device fails", device: .failing(.ioError), reason: .kvmUnavailable,
            says: ["opening it fails"], remedy: "modprobe kvm_amd"),
    ]

    @Test("the measurements decide", arguments: rows)
    func decides(_ row: Row) {
        let verdict = AcceleratorDecision(
            device: row.device,
            support: VirtualizationSupport(cpuExtension: .svm, moduleIsLoaded: false, isVirtual: false),
            figures: .init(kvm: row.kvm, kvmPlainModel: row.plain, emulation: row.kvm == nil ? nil : .emulated())
        ).verdict
        #expect(verdict.reason == row.reason)
        #expect(verdict.verdict == (row.reason == .kvmWorks ? .kvm : .emulation))
        for part in row.says { #expect(verdict.message.contains(part), "\(verdict.message)") }
        if let remedy = row.remedy {
            #expect(verdict.remedy?.contains(remedy) == true, "\(verdict.remedy ?? "none")")
        } else {
            #expect(verdict.remedy == nil)
        }
    }

    @Test(
        "an absent device has the remedy of its cause",
        arguments: [
            ("flags\t\t: fpu svm", "modprobe kvm_amd"), ("flags\t\t: fpu vmx hypervisor", "modprobe kvm_intel"),
            ("flags\t\t: fpu hypervisor", "nested virtualisation"), ("flags\t\t: fpu", "firmware"),
        ])
    func remedyForAbsence(cpuinfo: String, remedy: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("/proc/cpuinfo", "processor\t: 0\n\(cpuinfo)\n")
        #expect(VirtualizationSupport(probing: folder.root).remedyForAbsence.contains(remedy))
        #expect(KVMDevice(probing: folder.root) == .absent)
    }

    @Test("KVM is given as long as emulation takes, within bounds", arguments: [(0.1, 1.0), (2.0, 2.4), (60.0, 10.0)])
    func limits(emulatedSeconds: Double, limit: Double) {
        let limits = AcceleratorProbe.limits(after: .emulated(seconds: emulatedSeconds))
        #expect(abs(limits.run - limit) < 1e-6 && limits.enough == nil)
    }

    @Test("the names of the reasons are a contract")
    func names() {
        #expect(
            AcceleratorVerdict.Reason.allCases.map(\.rawValue) == [
                "KVMWorks", "KVMAbsent", "KVMNotPermitted", "KVMUnavailable", "KVMAborts", "KVMIncomplete",
                "KVMTooSlow", "EmulationForced", "QEMUUnusable",
            ])
    }
}
