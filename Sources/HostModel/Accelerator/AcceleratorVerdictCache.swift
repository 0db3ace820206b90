import FoundationEssentials
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps the verdict of `auto` for one boot, in `accelerator.json`.
///
/// Owns that file and `accelerator.lock` beside it.
///
///     absent | stale | corrupt ──lock──▶ probe ──rename──▶ kept
///
/// A verdict is stale once the boot, the kernel, QEMU's file or what opening `/dev/kvm` shows has changed. Verdicts
/// that cost no measurement are not kept: they change with a chmod or a modprobe. A folder that cannot be written
/// only costs a probe each time.
///
/// Synchronization: between processes by flock on the lock file, which is held during a probe, so that those started
/// at once wait for the first and read its verdict; within a process several tasks behave as several processes do.
package struct AcceleratorVerdictCache: Sendable {
    package let folder: FilePath
    private let root: HostRoot

    package init(folder: FilePath, root: HostRoot = HostRoot()) {
        self.folder = folder
        self.root = root
    }

    /// The verdict for `mode`; `.kvm` throws `kvmUnusable` where KVM is not fit. `refresh` probes anew.
    package func verdict(
        _ mode: AcceleratorMode = .auto, refresh: Bool = false,
        probe: @Sendable () async throws(AcceleratorError) -> AcceleratorVerdict
    ) async throws(AcceleratorError) -> AcceleratorVerdict {
        if mode == .emulation { return forcedEmulation }
        let verdict = try await automatic(refresh: refresh, probe: probe)
        guard mode == .auto || verdict.verdict == .kvm else { throw .kvmUnusable(verdict) }
        return verdict
    }

    private func automatic(
        refresh: Bool, probe: @Sendable () async throws(AcceleratorError) -> AcceleratorVerdict
    ) async throws(AcceleratorError) -> AcceleratorVerdict {
        if !refresh, let kept = read() { return kept }
        let lock = try await lock()
        defer { lock?.release() }
        // Another process may have probed while this one waited.
        if !refresh, let kept = read() { return kept }
        let verdict = try await probe()
        if verdict.figures.kvm != nil { write(verdict) }
        return verdict
    }

    private var forcedEmulation: AcceleratorVerdict {
        let kernel = Kernel(probing: root)
        return AcceleratorVerdict(
            verdict: .emulation, reason: .emulationForced,
            message: "The accelerator is set to emulation; KVM was not probed.",
            remedy: "Set the accelerator to auto, so that KVM is used where it works.",
            kernelRelease: kernel.release, bootID: kernel.bootID)
    }
}

extension AcceleratorVerdictCache {
    private struct Entry: Codable {
        var schema: Int
        var verdict: AcceleratorVerdict
    }

    private static let schema = 1
    private var file: FilePath { folder.appending("accelerator.json") }

    /// The kept verdict, where it still holds.
    package func read() -> AcceleratorVerdict? {
        do {
            let data = try Data(contentsOf: URL(filePath: file.string))
            let entry = try JSONDecoder().decode(Entry.self, from: data)
            return entry.schema == Self.schema && holds(entry.verdict) ? entry.verdict : nil
        } catch {
            // Absent, cut short or of another version: all the same, it is probed anew.
            return nil
        }
    }

    private func holds(_ verdict: AcceleratorVerdict) -> Bool {
        let kernel = Kernel(probing: root)
        guard !kernel.bootID.isEmpty, verdict.bootID == kernel.bootID, verdict.kernelRelease == kernel.release,
            let qemu = verdict.qemu, KVMDevice(probing: root) == .opens
        else { return false }
        do {
            let now = try QEMUBinary.find(root, among: [qemu.path])
            return now.size == qemu.size && now.modified == qemu.modified
        } catch {
            return false
        }
    }

    private func write(_ verdict: AcceleratorVerdict) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let data = try encoder.encode(Entry(schema: Self.schema, verdict: verdict))
            try data.write(to: URL(filePath: file.string), options: .atomic)
        } catch {
            // The verdict holds without being kept; the next process probes again.
        }
    }

    /// An exclusive lock; `nil` where the folder cannot be written, so that there is nothing to share.
    private func lock() async throws(AcceleratorError) -> FileLock? {
        do {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
            return try await FileLock.exclusive(folder.appending("accelerator.lock"))
        } catch is CancellationError {
            throw .cancelled
        } catch {
            return nil
        }
    }
}

/// A flock that is held until `release` or the end of the process.
private struct FileLock: Sendable {
    private let file: FileDescriptor

    /// Waits without a thread of its own: the lock is contended only while another process probes, a few seconds.
    static func exclusive(_ path: FilePath) async throws -> FileLock {
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        do {
            while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EWOULDBLOCK || errno == EINTR else { throw Errno(rawValue: errno) }
                try await Task.sleep(for: .milliseconds(20))
            }
            return FileLock(file: file)
        } catch {
            try file.close()
            throw error
        }
    }

    func release() {
        do {
            try file.close()
        } catch {
            // The lock is gone with the descriptor in any case.
        }
    }
}
