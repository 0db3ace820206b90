import Subprocess
import SystemPackage

/// Runs the program skopeo, to which registries, authentication, TLS and the checking of digests are left.
///
/// Cancelling the task kills it. It inherits the environment, and so the node's proxies.
struct Skopeo: Sendable {
    let program: String
    let image: String
    /// The registry's name for errors.
    let registry: String

    /// Options of a call that reads from a registry.
    struct Access: Sendable {
        var options: RegistryOptions
        /// Wins over the one in `options`.
        var authFile: FilePath?
    }

    /// The manifest or index behind `source`, byte by byte as the registry has it.
    func manifest(_ source: String, _ access: Access, limit: Int) async throws(ImageError) -> [UInt8] {
        try await run(["inspect", "--raw"] + flags(access, prefix: "") + [source], limit: limit, fileBytes: nil)
    }

    /// Copies an image into the folder `target`, with all digests checked and kept: `manifest.json`, and each blob
    /// under its hexadecimal digest. No file may become larger than `fileBytes`.
    func copy(
        _ source: String, to target: FilePath, _ access: Access?, temporary: FilePath, fileBytes: Int64
    ) async throws(ImageError) {
        let platform = ["--override-os", "linux", "--override-arch", Platform.host, "--tmpdir", temporary.string]
        let access = access.map { flags($0, prefix: "src-") } ?? []
        let copy = ["copy", "--quiet", "--preserve-digests", "--remove-signatures"]
        _ = try await run(
            platform + copy + access + [source, "dir:\(target.string)"], limit: 1 << 16, fileBytes: fileBytes)
    }

    private func flags(_ access: Access, prefix: String) -> [String] {
        var flags = access.options.tlsVerify ? [] : ["--\(prefix)tls-verify=false"]
        if let folder = access.options.certDir { flags += ["--\(prefix)cert-dir", folder.string] }
        if let file = access.authFile ?? access.options.authFile { flags += ["--\(prefix)authfile", file.string] }
        return flags
    }

    /// Runs skopeo to its end; `limit` bounds its output, `fileBytes` each file it writes.
    ///
    /// A registry may send a blob without end, whose digest is wrong only then: the kernel (by util-linux' prlimit)
    /// stops it at the size the manifest promises.
    private func run(_ arguments: [String], limit: Int, fileBytes: Int64?) async throws(ImageError) -> [UInt8] {
        let bounded = fileBytes.map { ["prlimit", "--fsize=\($0)", "--", program] } ?? [program]
        do {
            let result = try await Subprocess.run(
                bounded[0].contains("/") ? .path(FilePath(bounded[0])) : .name(bounded[0]),
                arguments: Arguments(bounded.dropFirst() + arguments),
                environment: .inherit.updating(["LC_ALL": "C"]),
                output: .bytes(limit: limit), error: .string(limit: 1 << 20))
            if Task.isCancelled { throw ImageError.cancelled(image: image) }
            guard result.terminationStatus.isSuccess else {
                throw failure(result.standardError, status: result.terminationStatus, fileBytes: fileBytes)
            }
            return result.standardOutput
        } catch let error as ImageError {
            throw error
        } catch {
            if Task.isCancelled { throw .cancelled(image: image) }
            throw failure(starting: error, limit: limit)
        }
    }

    private func failure(starting error: any Error, limit: Int) -> ImageError {
        switch (error as? SubprocessError)?.code {
        case .executableNotFound: .skopeoMissing(program: program)
        case .outputLimitExceeded:
            .limitExceeded(image: image, limit: .manifestBytes, found: Int64(limit) + 1, allowed: Int64(limit))
        default: .skopeoFailed(image: image, reason: "\(error)")
        }
    }

    private func failure(_ text: String, status: TerminationStatus, fileBytes: Int64?) -> ImageError {
        let fault = SkopeoFault(text)
        switch fault.kind {
        case .notFound: return .notInRegistry(image: image, registry: registry)
        case .denied: return .accessDenied(image: image, registry: registry)
        case .plainHTTP: return .plainHTTP(image: image, registry: registry)
        case .certificate: return .certificateNotTrusted(image: image, registry: registry, reason: fault.reason)
        case .unreachable: return .registryUnreachable(image: image, registry: registry, reason: fault.reason)
        case .digest: return .wrongDigest(image: image, reason: fault.reason)
        case .platform: return .noImageForPlatform(image: image, platform: "linux/\(Platform.host)")
        case .tooLarge:
            return .limitExceeded(
                image: image, limit: .downloadBytes, found: (fileBytes ?? 0) + 1, allowed: fileBytes ?? 0)
        case .diskFull:
            return .filesystemFull(image: image, folder: "the image store", neededBytes: 1, freeBytes: 0)
        case .missing: return .skopeoMissing(program: program)
        case .other:
            return .skopeoFailed(image: image, reason: fault.reason.isEmpty ? "it ended by \(status)" : fault.reason)
        }
    }
}
