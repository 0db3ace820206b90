import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

@Suite struct AcceleratorProbeTests {
    /// A program that answers as QEMU does: emulation completes, `kvm` does what is given.
    private static func host(kvm: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let marks = String(repeating: ",", count: 50) + String(repeating: ".", count: 19)
        try folder.write("/dev/kvm", "")
        try folder.write(
            "/usr/bin/qemu-system-x86_64",
            """
            #!/bin/sh
            whole() { printf RL; sleep $1; printf %s '\(marks)'; exit 43; }
            case "$*" in
            *--version*) echo 'QEMU emulator version 9.9 (a stand-in)';;
            *tcg*) whole 0.2;;
            *) \(kvm);;
            esac
            """, executable: true)
        return folder
    }

    private static func probe(_ folder: TemporaryFolder) -> AcceleratorProbe {
        AcceleratorProbe(root: folder.root, temporaryFolder: folder.path)
    }

    @Test("both accelerators are measured once, with QEMU's version and without a file left behind")
    func completes() async throws {
        let host = try Self.host(kvm: "whole 0.001")
        let verdict = try await Self.probe(host).run()
        // Which of them is faster depends on the load of the machine that runs the tests.
        #expect(verdict.figures.kvm?.isComplete == true && verdict.figures.emulation?.turns == AcceleratorPayload.turns)
        #expect(verdict.figures.kvmPlainModel == nil && verdict.figures.speedup != nil)
        #expect(verdict.qemu?.version == "9.9 (a stand-in)")
        #expect(host.root.names(in: "/") == ["dev", "usr"])
    }

    @Test("a QEMU that refuses KVM is quoted")
    func refuses() async throws {
        let host = try Self.host(kvm: "echo 'qemu-system-x86_64: failed to initialize kvm' >&2; exit 1")
        let verdict = try await Self.probe(host).run()
        #expect(verdict.reason == .kvmAborts && verdict.message.contains("failed to initialize kvm"))
        #expect(verdict.figures.kvmPlainModel?.code == 1)
    }

    @Test("a QEMU that dies of a signal is told apart from one that was killed")
    func aborts() async throws {
        let host = try Self.host(kvm: "kill -ABRT $$")
        let verdict = try await Self.probe(host).run()
        #expect(verdict.figures.kvm?.ending == .aborted && verdict.figures.kvm?.code == 6)
    }

    @Test("without a device nothing is measured")
    func absent() async throws {
        let host = try Self.host(kvm: "exit 1")
        try FileManager.default.removeItem(atPath: host.root.resolve("/dev/kvm").string)
        let verdict = try await Self.probe(host).run()
        #expect(verdict.reason == .kvmAbsent && verdict.figures == .init())
    }

    @Test("a host without QEMU is an error with a remedy")
    func qemuMissing() async throws {
        let folder = try TemporaryFolder()
        let error = await #expect(throws: AcceleratorError.self) { _ = try await Self.probe(folder).run() }
        #expect(error == .qemuMissing(searched: QEMUBinary.candidates))
        #expect(error?.remedy == "apt-get install qemu-system-x86")
    }

    @Test("a QEMU that cannot even emulate is an error that quotes it")
    func emulationFails() async throws {
        let folder = try Self.host(kvm: "")
        try folder.write("/usr/bin/qemu-system-x86_64", "#!/bin/sh\necho 'no firmware' >&2; exit 1\n", executable: true)
        let error = await #expect(throws: AcceleratorError.self) { _ = try await Self.probe(folder).run() }
        #expect(error?.description.contains("no firmware") == true)
    }

    @Test("a guest that hangs is given up, before and after 64-bit mode", arguments: ["R", "RL", "RL,"])
    func hangs(marks: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("qemu", "#!/bin/sh\nprintf \(marks)\nexec sleep 1000\n", executable: true)
        let runner = GuestRunner(qemu: folder.path.appending("qemu"), image: "/dev/null")
        let run = try await runner.run(.kvm, cpuModel: "host", limits: .init(start: 0.3, run: 0.1, enough: nil))
        #expect(run.ending == .timedOut && run.reachedLongMode == marks.contains("L"))
        #expect(run.turns == (marks.contains(",") ? 20_000 : 0))
    }

    @Test("a cancelled probe kills its QEMU")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        try folder.write("qemu", "#!/bin/sh\nprintf RL\nexec sleep 1000\n", executable: true)
        let runner = GuestRunner(qemu: folder.path.appending("qemu"), image: "/dev/null")
        // It ends only because QEMU did: the child's end is always awaited.
        await withThrowingTaskGroup(of: GuestRun.self) { group in
            group.addTask {
                try await runner.run(.kvm, cpuModel: "host", limits: .init(start: 1000, run: 1000, enough: nil))
            }
            group.cancelAll()
            await #expect(throws: AcceleratorError.cancelled) { _ = try await group.next() }
        }
    }

    @Test(
        "the real QEMU's verdict agrees with its evidence", .tags(.qemu),
        .enabled(if: HostRoot().exists("/usr/bin/qemu-system-x86_64"), "no QEMU is installed here"))
    func real() async throws {
        let folder = try TemporaryFolder()
        let verdict = try await AcceleratorProbe(temporaryFolder: folder.path).run()
        if verdict.verdict == .kvm {
            #expect(verdict.figures.kvm?.isComplete == true)
            #expect(try #require(verdict.figures.speedup) >= AcceleratorDecision.clearly)
            #expect(verdict.remedy == nil)
        } else {
            #expect(
                verdict.figures.kvm?.isComplete != true || (verdict.figures.speedup ?? 0) < AcceleratorDecision.clearly)
            #expect(verdict.remedy != nil)
        }
        if let emulation = verdict.figures.emulation {
            #expect(emulation.turns >= 1_000_000 && emulation.turnsPerSecond > 0)
        }
        #expect(!verdict.message.isEmpty && verdict.bootID == Kernel(probing: HostRoot()).bootID)
    }
}
