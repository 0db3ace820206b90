import FoundationEssentials
import KubernetesModel
import SystemPackage

/// The folder of the local API: database, token and kubeconfig, which root alone reads.
struct ServerFolder: Sendable {
    let path: FilePath

    init(_ path: FilePath) throws(LocalAPIError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .folderUnusable(folder: path.string, reason: "\(error)")
        }
    }

    var database: FilePath { path.appending("objects.db") }
    var tokenFile: FilePath { path.appending("token") }
    var kubeconfig: FilePath { path.appending("kubeconfig") }

    /// A text that cannot be guessed: 256 bits of the system's generator.
    static func makeSecret() -> String {
        var generator = SystemRandomNumberGenerator()
        let words: [UInt64] = (0..<4).map { _ in generator.next() }
        return words.map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    /// The users' token: made once, and kept.
    func token() throws(LocalAPIError) -> String {
        do {
            let file = try FileDescriptor.open(tokenFile, .readOnly, options: [.noFollow, .closeOnExec])
            let text = try file.closeAfter {
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
                return String(decoding: bytes[..<count], as: UTF8.self)
            }
            let token = text.filter { !$0.isWhitespace }
            guard token.utf8.count >= 32 else {
                throw LocalAPIError.tokenUnusable(file: tokenFile.string, reason: "it holds less than 32 letters")
            }
            return token
        } catch Errno.noSuchFileOrDirectory {
            let token = Self.makeSecret()
            try write(token + "\n", to: tokenFile)
            return token
        } catch let error as LocalAPIError {
            throw error
        } catch {
            throw .tokenUnusable(file: tokenFile.string, reason: "\(error)")
        }
    }

    /// Puts a file in place that only its owner reads; whoever reads it sees the old or the new one.
    func write(_ text: String, to file: FilePath) throws(LocalAPIError) {
        let scratch = FilePath(file.string + ".new")
        do {
            try? FileManager.default.removeItem(atPath: scratch.string)
            let descriptor = try FileDescriptor.open(
                scratch, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: [.ownerRead, .ownerWrite])
            try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
            _ = try FileManager.default.replaceItem(at: file, with: scratch)
        } catch {
            throw .folderUnusable(folder: path.string, reason: "\(file.string): \(error)")
        }
    }
}

extension FileManager {
    fileprivate func replaceItem(at file: FilePath, with scratch: FilePath) throws -> Bool {
        try? removeItem(atPath: file.string)
        try moveItem(atPath: scratch.string, toPath: file.string)
        return true
    }
}
