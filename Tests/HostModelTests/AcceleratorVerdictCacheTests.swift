import FoundationEssentials
import Synchronization
import SystemPackage
import Testing

@testable import HostModel

@Suite struct AcceleratorVerdictCacheTests {
    /// A host with a device, a QEMU and a boot id; the cache lies in `run` beside them.
    private static func host() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("/dev/kvm", "")
        try folder.write("/usr/bin/qemu-system-x86_64", "a program")
        try folder.write("/proc/sys/kernel/random/boot_id", "first-boot\n")
        try folder.write("/proc/sys/kernel/osrelease", "6.1.0-1-amd64\n")
        return folder
    }

    private static func cache(_ host: TemporaryFolder) -> AcceleratorVerdictCache {
        AcceleratorVerdictCache(folder: host.path.appending("run"), root: host.root)
    }

    private static func verdict(_ host: TemporaryFolder, works: Bool = true) throws -> AcceleratorVerdict {
        let kernel = Kernel(probing: host.root)
        return AcceleratorVerdict(
            verdict: works ? .kvm : .emulation, reason: works ? .kvmWorks : .kvmTooSlow, message: "measured",
            figures: .init(kvm: .kvm(), emulation: .emulated()), qemu: try QEMUBinary.find(host.root),
            kernelRelease: kernel.release, bootID: kernel.bootID)
    }

    /// Counts its probes.
    private final class Probe: Sendable {
        private let answer: AcceleratorVerdict
        private let taken = Mutex(0)
        var count: Int { taken.withLock { $0 } }
        init(_ answer: AcceleratorVerdict) { self.answer = answer }

        func run() async throws(AcceleratorError) -> AcceleratorVerdict {
            taken.withLock { $0 += 1 }
            for _ in 0..<100 { await Task.yield() }
            return answer
        }
    }

    @Test("a verdict is kept for the boot, and refresh probes anew")
    func kept() async throws {
        let host = try Self.host()
        let probe = Probe(try Self.verdict(host))
        for _ in 0..<3 {
            #expect(try await Self.cache(host).verdict(probe: probe.run).reason == .kvmWorks)
        }
        #expect(probe.count == 1)
        _ = try await Self.cache(host).verdict(refresh: true, probe: probe.run)
        #expect(probe.count == 2)
    }

    @Test(
        "a kept verdict is stale once its ground has changed",
        arguments: [
            ("/proc/sys/kernel/random/boot_id", "second-boot"), ("/proc/sys/kernel/osrelease", "6.2"),
            ("/usr/bin/qemu-system-x86_64", "another program"), ("/run/accelerator.json", "{\"schema\":1,"),
            ("/run/accelerator.json", ""),
        ])
    func stale(file: String, text: String) async throws {
        let host = try Self.host()
        let probe = Probe(try Self.verdict(host))
        _ = try await Self.cache(host).verdict(probe: probe.run)
        try host.write(file, text)
        _ = try await Self.cache(host).verdict(probe: probe.run)
        #expect(probe.count == 2)
    }

    @Test("what cost no measurement is not kept")
    func notKept() async throws {
        let host = try Self.host()
        var verdict = try Self.verdict(host, works: false)
        verdict.figures = .init()
        let probe = Probe(verdict)
        for _ in 0..<2 { _ = try await Self.cache(host).verdict(probe: probe.run) }
        #expect(probe.count == 2)
    }

    @Test("those that come at once probe once")
    func probesOnce() async throws {
        let host = try Self.host()
        let probe = Probe(try Self.verdict(host))
        try await withThrowingTaskGroup(of: AcceleratorVerdict.self) { group in
            for _ in 0..<8 { group.addTask { try await Self.cache(host).verdict(probe: probe.run) } }
            for try await verdict in group { #expect(verdict.verdict == .kvm) }
        }
        #expect(probe.count == 1)
    }

    @Test("emulation is not probed, and a demanded KVM that is bad is an error that says why")
    func forced() async throws {
        let host = try Self.host()
        let bad = Probe(try Self.verdict(host, works: false))
        let emulation = try await Self.cache(host).verdict(.emulation, probe: bad.run)
        #expect(emulation.reason == .emulationForced && bad.count == 0)
        let error = await #expect(throws: AcceleratorError.self) {
            _ = try await Self.cache(host).verdict(.kvm, probe: bad.run)
        }
        #expect(error?.description.contains("(KVMTooSlow): measured") == true)
        let good = Probe(try Self.verdict(host))
        #expect(try await Self.cache(host).verdict(.kvm, refresh: true, probe: good.run).verdict == .kvm)
    }

    @Test("a folder that cannot be made costs only a probe each time")
    func unwritable() async throws {
        let host = try Self.host()
        try host.write("run", "a file, no folder")
        let probe = Probe(try Self.verdict(host))
        for _ in 0..<2 { #expect(try await Self.cache(host).verdict(probe: probe.run).verdict == .kvm) }
        #expect(probe.count == 2)
    }
}
