internal import Glibc
internal import Serving
internal import SystemPackage

/// Connects to Unix sockets.
enum UnixSocket {
    static func connect(_ path: String) throws(Errno) -> FileDescriptor {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        let result = UnixAddress.withAddress(of: path) { Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else {
            let problem = result == nil ? .fileNameTooLong : Errno(rawValue: errno)
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
