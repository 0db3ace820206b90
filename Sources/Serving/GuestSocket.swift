import Glibc
package import SystemPackage

/// Connects to a socket that QEMU made in a folder of its own user: whoever has taken over a QEMU can put anything there,
/// such as a link to a socket that only root may open.
///
/// The name is opened without following a link, and what was opened is connected to, whatever the name says by then. The
/// folders above belong to root.
package enum GuestSocket {
    /// A connection; the caller closes it. Waits for QEMU unless `nonBlocking`.
    package static func connect(_ path: FilePath, nonBlocking: Bool = false) throws(Errno) -> FileDescriptor {
        // fcntl.h's O_PATH, which Glibc's module does not show.
        let file = open(path.string, 0o10000000 | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { throw Errno(rawValue: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Errno(rawValue: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: break
        case S_IFLNK: throw .tooManySymbolicLinkLevels
        default: throw .notSocket
        }
        let waiting = nonBlocking ? Int32(SOCK_NONBLOCK.rawValue) : 0
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | waiting, 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        guard connect(descriptor, to: file) == 0 else {
            let problem = Errno(rawValue: errno)
            close(descriptor)
            throw problem
        }
        return FileDescriptor(rawValue: descriptor)
    }

    /// By this process's own name of the open file, which leads to the file itself.
    private static func connect(_ descriptor: CInt, to file: CInt) -> CInt {
        UnixAddress.withAddress(of: "/proc/self/fd/\(file)") { Glibc.connect(descriptor, $0, $1) } ?? -1
    }
}
