import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

extension Tag {
    /// Runs a real QEMU.
    @Tag static var qemu: Self
}

/// A folder that is removed with its last reference: a host's root, or where a probe keeps its files.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/HostModelTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path.string)
        } catch {
            // It lies in /tmp.
        }
    }

    var root: HostRoot { HostRoot(path) }

    func write(_ file: String, _ text: String, executable: Bool = false) throws {
        let target = path.appending(FilePath(file).components)
        try FileManager.default.createDirectory(
            atPath: target.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: target.string))
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: target.string)
        }
    }

    func link(_ file: String, to destination: String) throws {
        let target = path.appending(FilePath(file).components)
        try FileManager.default.createDirectory(
            atPath: target.removingLastComponent().string, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: target.string, withDestinationPath: destination)
    }
}

extension GuestRun {
    static func emulated(turns: Int = 20_000_000, seconds: Double = 0.2) -> GuestRun {
        GuestRun(
            accelerator: .tcg, cpuModel: "max", ending: .completed, startupSeconds: 0.05, reachedLongMode: true,
            turns: turns, seconds: seconds, wallSeconds: seconds + 0.05)
    }

    static func kvm(
        _ ending: Ending = .completed, code: Int? = nil, model: String = "host", startup: Double? = 0.05,
        turns: Int = 20_000_000, seconds: Double = 0.02, log: String = ""
    ) -> GuestRun {
        GuestRun(
            accelerator: .kvm, cpuModel: model, ending: ending, code: code, startupSeconds: startup,
            reachedLongMode: turns > 0, turns: turns, seconds: seconds, wallSeconds: seconds + 0.05, log: log)
    }
}
