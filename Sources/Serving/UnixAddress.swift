package import Glibc

/// The address of a Unix socket, as the system calls want it.
package enum UnixAddress {
    /// Bytes of a path, without the closing NUL.
    package static let pathLimit = 107

    /// Calls `body` with the address of the path; `@` at its beginning stands for Linux's abstract names. Nil where the path
    /// is too long for an address.
    package static func withAddress<Result>(
        of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        var bytes = Array(path.utf8)
        guard bytes.count <= pathLimit else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var size = MemoryLayout<sockaddr_un>.size
        if bytes.first == UInt8(ascii: "@") {
            bytes[0] = 0
            // Of an abstract name each NUL behind it would count.
            size = MemoryLayout<sa_family_t>.size + bytes.count
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
        }
    }
}
