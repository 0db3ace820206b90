import ArgumentParser
import FoundationEssentials
import Glibc
import HostModel
import Images
import KubernetesAPI
import Logging
import NodeAgent
import Subprocess
import SystemPackage

/// A daemon of a benchmark's own: a child of this process on a folder that goes with it.
struct BenchDensityDaemon: Sendable {
    let folders: SessionFolders
    /// Where its metrics are.
    let metrics: String

    /// Starts it, waits until it is ready, does the work and ends it.
    static func with<Result: Sendable>(
        libvirt: String, settings: [String], _ work: (BenchDensityDaemon) async throws -> Result
    ) async throws -> Result {
        let root = try makeRoot()
        defer { try? FileManager.default.removeItem(atPath: root.string) }
        let port = try freePort()
        let daemon = BenchDensityDaemon(
            folders: SessionFolders(NodeFolders(root: root)), metrics: "http://127.0.0.1:\(port)")
        let own = [
            "metrics.address=127.0.0.1", "metrics.port=\(port)", "streams.port=0", "local.loopbackPort=0",
            "logLevel=warning",
        ]
        let words =
            ["serve", "--root", root.string, "--libvirt-uri", libvirt]
            + (own + settings).flatMap { ["--set", $0] }
        let log = root.appending("daemon.log")
        let output = try FileDescriptor.open(
            log, .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
        defer { try? output.close() }
        do {
            let result = try await Subprocess.run(
                .path(try program()), arguments: Arguments(words), platformOptions: options, input: .none,
                output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                error: .fileDescriptor(output, closeAfterSpawningProcess: false)
            ) { execution in
                try await daemon.becomeReady()
                let result = try await work(daemon)
                try execution.send(signal: .terminate)
                return result
            }
            return result.closureResult
        } catch {
            let text = FileManager.default.contents(atPath: log.string).map { String(decoding: $0, as: UTF8.self) }
            for line in (text ?? "").split(separator: "\n").suffix(5) { Standard.error(String(line)) }
            if error is ExitCode || error is APIError || error is ImageError { throw error }
            Standard.error("virt-node: the benchmark's daemon failed: \(error)")
            throw ExitCode.failure
        }
    }

    /// ^C is for the benchmark, which ends its VMs before its daemon.
    private static var options: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
        return options
    }

    /// Short, since sockets' paths are.
    private static func makeRoot() throws -> FilePath {
        var name = Array("/tmp/vn-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            Standard.error("virt-node: no folder can be made in /tmp: \(Errno(rawValue: errno))")
            throw ExitCode.failure
        }
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // QEMU's user goes through it.
        chmod(path, 0o711)
        return FilePath(path)
    }

    private static func program() throws -> FilePath {
        FilePath(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }

    /// A port that nobody listens on now.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else {
            Standard.error("virt-node: no free port: \(Errno(rawValue: errno))")
            throw ExitCode.failure
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private struct NotReady: Error, CustomStringConvertible {
        var description: String { "it was not ready within 60 s" }
    }

    /// Until its page says that it is ready: libvirt may have to learn what QEMU can do.
    private func becomeReady() async throws {
        var logger = Logger(label: "virt-node") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let client = try KubernetesClient(
            ServerConfiguration(server: metrics), userAgent: "virt-node-bench", logger: logger)
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let isReady = (try? await client.read(path: "/readyz") { _ in }) != nil
            if isReady, access(Daemon.socket(folders).string, F_OK) == 0 { return await client.close() }
            try await Task.sleep(for: .milliseconds(50))
        }
        await client.close()
        throw NotReady()
    }
}
