package import SystemPackage

/// Reads a file to its end, whatever size its status tells: files of `/proc` and sysfs tell none.
///
/// Foundation's readers are not used for such files: swift-foundation (Swift 6.3) keeps 4 KiB for ever with each file
/// that tells no size and is empty, as a kernel thread's `cmdline` is, and a look through `/proc` reads hundreds.
package enum FileBytes {
    /// The file's bytes; nil where there are more than `limit`.
    package static func read(_ path: FilePath, limit: Int = 64 << 20) throws(Errno) -> [UInt8]? {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            return try descriptor.closeAfter {
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 16_384)
                while bytes.count <= limit {
                    let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                    if count == 0 { return bytes }
                    bytes += chunk[..<count]
                }
                return nil
            }
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }
}
