import Foundation
import Testing

/// What files of the host are like: kind, mode, owner, times and content. Two that are equal say that nobody touched them.
struct HostEvidence: Equatable {
    private let facts: String

    /// Of these files, and of all below those that are folders.
    init(_ paths: [String]) throws {
        let list = try shell(["find"] + paths + ["-printf", "%p %i %y %l %m %U:%G %s %T@ %C@\n"]).output
        let sums = try shell(["find"] + paths + ["-type", "f", "-exec", "sha256sum", "{}", "+"]).output
        try #require(!list.isEmpty && !sums.isEmpty)
        facts = (list + sums).split(separator: "\n").sorted().joined(separator: "\n")
    }
}

extension HostEvidence: CustomStringConvertible {
    var description: String { facts }
}

/// A socket that only root may use, as a container runtime has one: it tells whether anybody connected.
final class RuntimeSocket {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 8) == 0)
        chmod(path, 0o600)
    }

    deinit { close(descriptor) }

    /// Whether somebody connected since this was asked last.
    var wasConnected: Bool {
        var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wish, 1, 0) > 0 else { return false }
        close(accept(descriptor, nil, nil))
        return true
    }
}
