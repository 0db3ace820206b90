/// Which libvirt to speak to.
package enum LibvirtEndpoint: Sendable, Equatable {
    /// The host's daemon, `qemu:///system`.
    case system
    /// The driver inside this process, with its files below `root`.
    case embedded(root: String)
    /// Any other URI, such as `test:///default`.
    case uri(String)

    package var uri: String {
        switch self {
        case .system: "qemu:///system"
        case .embedded(let root): "qemu:///embed?root=\(Self.escape(root))"
        case .uri(let uri): uri
        }
    }

    package var isEmbedded: Bool {
        if case .embedded = self { true } else { false }
    }

    /// Whether a daemon stands between, which may not answer.
    package var isRemote: Bool {
        switch self {
        case .system: true
        case .embedded: false
        case .uri(let uri): uri.hasPrefix("qemu:///") || uri.prefix { $0 != ":" }.contains("+")
        }
    }

    private static func escape(_ path: String) -> String {
        path.utf8.map { byte in
            let isPlain = byte.isLetterOrDigit || "/-._~".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
