internal import Glibc
internal import SystemPackage

/// Reads files for a dump: regular ones, through no link, and of long ones the end.
enum DumpFile {
    /// The last `limit` bytes, with a line that says so where there are more. Files of `/proc` tell no size.
    static func tail(_ path: FilePath, limit: Int = 256 << 10) throws(Errno) -> String {
        do {
            let descriptor = try FileDescriptor.open(
                path, .readOnly, options: [.closeOnExec, .nonBlocking, .noFollow])
            return try descriptor.closeAfter {
                var status = stat()
                guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
                guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.notSupported }
                let skipped = max(0, Int64(status.st_size) - Int64(limit))
                if skipped > 0 { try descriptor.seek(offset: skipped, from: .start) }
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65_536)
                while bytes.count < limit {
                    let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                    guard count > 0 else { break }
                    bytes += chunk[..<count]
                }
                let head = skipped > 0 ? "[the first \(skipped) bytes are left out]\n" : ""
                return head + String(decoding: bytes, as: UTF8.self)
            }
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }

    /// What a symbolic link says.
    static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
