import Glibc

/// The sockets that systemd opened for the process, by the names of its socket units (`FileDescriptorName=`).
///
/// Whoever connects while no daemon runs waits in such a socket until the next one accepts. Source: `sd_listen_fds(3)`.
package struct InheritedSockets: Sendable, Equatable {
    private let descriptors: [String: CInt]

    /// The first descriptor that is handed on.
    private static let first: CInt = 3

    package static let none = InheritedSockets(environment: [:], processID: 0)

    /// What the variables say. They count only for the process that they name: a child inherits them too.
    package init(environment: [String: String], processID: Int32) {
        var descriptors: [String: CInt] = [:]
        if environment["LISTEN_PID"].flatMap(Int32.init) == processID,
            let count = environment["LISTEN_FDS"].flatMap(CInt.init), (1...64).contains(count)
        {
            let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
            for offset in 0..<count {
                let index = Int(offset)
                descriptors[index < names.count ? String(names[index]) : "\(index)"] = Self.first + offset
            }
        }
        self.descriptors = descriptors
    }

    /// Those meant for this process; no child gets them.
    package static func take(environment: [String: String]) -> InheritedSockets {
        let sockets = InheritedSockets(environment: environment, processID: getpid())
        for descriptor in sockets.descriptors.values { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        return sockets
    }

    /// Where to listen: the socket of this name where there is one, else the address.
    package func address(_ name: String, else address: ListenAddress) -> ListenAddress {
        descriptors[name].map { .inherited(descriptor: $0, name: name) } ?? address
    }
}
