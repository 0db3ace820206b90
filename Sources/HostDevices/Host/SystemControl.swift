import Glibc
package import HostModel
import Subprocess
import SystemPackage

/// The changes as system calls, below a root.
package struct SystemControl: HostControl {
    private let root: HostRoot

    package init(_ root: HostRoot = HostRoot()) {
        self.root = root
    }

    package func write(_ text: String, to path: String) async throws(DeviceError) {
        let file = FilePath(root.file(path))
        do {
            // Never created: a file that sysfs does not have is no setting.
            let descriptor = try FileDescriptor.open(file, .writeOnly, options: [.closeOnExec, .noFollow])
            let written = try descriptor.closeAfter {
                try Array(text.utf8).withUnsafeBytes { try descriptor.write($0, retryOnInterrupt: false) }
            }
            guard written == text.utf8.count else { throw Errno.ioError }
        } catch {
            throw .writeFailed(path: path, text: text, error as? Errno ?? .ioError)
        }
    }

    /// fcntl.h's O_PATH and AT_EMPTY_PATH, which Glibc's module does not show.
    private static let pathOnly = FileDescriptor.OpenOptions(rawValue: 0o10000000).union([.closeOnExec, .noFollow])
    private static let emptyPath: CInt = 0x1000

    package func changeOwner(of path: String, to owner: FileOwner) async throws(DeviceError) {
        let file = FilePath(root.file(path))
        do {
            let descriptor = try FileDescriptor.open(file, .readOnly, options: Self.pathOnly)
            try descriptor.closeAfter {
                guard fchownat(descriptor.rawValue, "", owner.uid, owner.gid, Self.emptyPath) == 0 else {
                    throw Errno(rawValue: errno)
                }
            }
        } catch {
            throw .ownerNotChanged(path: path, owner, error as? Errno ?? .ioError)
        }
    }

    package func run(_ program: String, _ arguments: [String]) async throws(DeviceError) {
        let command = ([program] + arguments).joined(separator: " ")
        let problem: String
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(arguments),
                environment: .inherit.updating(["LC_ALL": "C", "PATH": Self.searched]), input: .none,
                output: .discarded, error: .string(limit: 1 << 16))
            if result.terminationStatus.isSuccess { return }
            problem = result.standardError.trimmed
        } catch {
            guard (error as? SubprocessError)?.code != .executableNotFound else {
                throw .commandMissing(program: program)
            }
            problem = "\(error)"
        }
        throw .commandFailed(command: command, problem: problem.isEmpty ? "it failed without a word" : problem)
    }

    /// A service's `PATH` may lack the folders that `ip` and `modprobe` are in.
    private static let searched = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
}
