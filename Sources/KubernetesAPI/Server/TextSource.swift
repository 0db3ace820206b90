package import SystemPackage

/// A secret or certificate that a configuration holds, or names the file of.
package enum TextSource: Sendable, Equatable {
    case text(String)
    /// Read anew each time: tokens and certificates are replaced while the program runs, by another file or link.
    case file(FilePath)

    /// What it says now. These files have a few KiB.
    func read(maximumBytes: Int = 1 << 20) throws(APIError) -> String {
        switch self {
        case .text(let text): return text
        case .file(let path):
            do {
                let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
                return try file.closeAfter { try Self.readAll(file, path, maximumBytes: maximumBytes) }
            } catch let error as APIError {
                throw error
            } catch {
                throw .configuration(file: path.string, reason: "this file cannot be read (\(error))")
            }
        }
    }

    // SAFETY: the buffer is used only within the call that lends it, and `count` is what was written into it.
    private static func readAll(_ file: FileDescriptor, _ path: FilePath, maximumBytes: Int) throws -> String {
        var bytes: [UInt8] = []
        while true {
            let chunk = try [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if chunk.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk
            guard bytes.count <= maximumBytes else {
                throw APIError.configuration(file: path.string, reason: "this file has more than \(maximumBytes) bytes")
            }
        }
    }
}
