internal import Glibc
internal import SystemPackage

/// Connects to Unix sockets.
enum UnixSocket {
    /// Bytes of a socket's path, without the closing NUL.
    static let pathLimit = 107

    static func connect(_ path: String) throws(Errno) -> FileDescriptor {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count <= pathLimit else {
            close(descriptor)
            throw .fileNameTooLong
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let problem = Errno(rawValue: errno)
            close(descriptor)
            throw problem
        }
        return FileDescriptor(rawValue: descriptor)
    }

    static func canConnect(_ path: String) -> Bool {
        guard let descriptor = try? connect(path) else { return false }
        try? descriptor.close()
        return true
    }
}
