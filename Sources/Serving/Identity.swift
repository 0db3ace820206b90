/// Who sends a request, and how that is known.
package struct Identity: Sendable, Equatable {
    package enum Evidence: Sendable, Equatable {
        /// The kernel said who is at the other end of a Unix socket.
        case socket(uid: UInt32, gid: UInt32, pid: Int32)
        case token
        case certificate(commonName: String)
        case none
    }

    /// A user name.
    package var name: String
    package var groups: [String]
    package var how: Evidence

    package init(name: String, groups: [String] = [], how: Evidence) {
        self.name = name
        self.groups = groups
        self.how = how
    }

    package static let anonymous = Identity(
        name: "system:anonymous", groups: ["system:unauthenticated"], how: .none)
}

extension Identity: CustomStringConvertible {
    package var description: String {
        switch how {
        case .socket(let uid, _, let pid): "\(name) (uid \(uid), pid \(pid))"
        case .token: "\(name) (token)"
        case .certificate: "\(name) (certificate)"
        case .none: name
        }
    }
}
