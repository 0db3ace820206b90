import Glibc
import Logging
import NIOSSL
import Synchronization
import SystemPackage

/// The TLS context of an address, made anew when its files change.
///
/// Owns the context in use and the stamps of the files it was made from. Files that cannot be used (a certificate that was
/// replaced before its key) leave the old context in use.
///
/// Synchronization: everything mutable is behind one mutex.
final class TLSContexts: Sendable {
    /// What changes when a file is written or replaced.
    private struct Stamp: Equatable {
        var inode: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    private struct State {
        var context: NIOSSLContext
        var stamps: [Stamp?]
    }

    private let files: TLSFiles
    private let logger: Logger
    private let state: Mutex<State>

    init(_ files: TLSFiles, logger: Logger) throws(ServingError) {
        self.files = files
        self.logger = logger
        let stamps = Self.stamps(of: files)
        state = Mutex(State(context: try Self.context(from: files), stamps: stamps))
    }

    /// The context for a new connection.
    func current() -> NIOSSLContext {
        state.withLock { state in
            let stamps = Self.stamps(of: files)
            guard stamps != state.stamps else { return state.context }
            state.stamps = stamps
            do throws(ServingError) {
                state.context = try Self.context(from: files)
                logger.info("read the TLS files again", metadata: ["certificate": "\(files.certificate)"])
            } catch {
                logger.warning(
                    "the TLS files changed and cannot be used; the old ones stay", metadata: ["error": "\(error)"])
            }
            return state.context
        }
    }

    private static func stamps(of files: TLSFiles) -> [Stamp?] {
        [files.certificate, files.key, files.clientCA].map { path in
            var status = stat()
            guard let path, stat(path.string, &status) == 0 else { return nil }
            return Stamp(
                inode: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec,
                nanoseconds: status.st_mtim.tv_nsec)
        }
    }

    private static func context(from files: TLSFiles) throws(ServingError) -> NIOSSLContext {
        let chain = try reading(files.certificate) { try NIOSSLCertificate.fromPEMFile($0) }
        guard !chain.isEmpty else {
            throw .certificate(file: files.certificate.string, reason: "it holds no certificate")
        }
        let key = try reading(files.key) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = files.requiresTLS13 ? .tlsv13 : .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let file = files.clientCA {
            let authorities = try reading(file) { try NIOSSLCertificate.fromPEMFile($0) }
            guard !authorities.isEmpty else {
                throw .certificate(file: file.string, reason: "it holds no certificate")
            }
            configuration.trustRoots = .certificates(authorities)
            configuration.certificateVerification = .noHostnameVerification
        }
        return try reading(files.key) { [configuration] _ in try NIOSSLContext(configuration: configuration) }
    }

    private static func reading<Result>(
        _ file: FilePath, _ body: (String) throws -> Result
    ) throws(ServingError) -> Result {
        do {
            return try body(file.string)
        } catch {
            throw .certificate(file: file.string, reason: "\(error)")
        }
    }
}
