/// Names of domains: `NAMESPACE_NAME`. Kubernetes' names hold no `_`, so the first one parts them.
package enum DomainName {
    /// libvirt makes file names of a domain's name, with endings of its own (`.xml`, `-monitor.sock`).
    static let maximumLength = 200

    /// The domain's name; one that is too long for a path is cut, and ends in a hash of the whole.
    package static func of(namespace: String, name: String) -> String {
        let full = "\(namespace)_\(name)"
        guard full.utf8.count > maximumLength else { return full }
        let hash = String(StableHash.of(full), radix: 16)
        return "\(full.prefix(maximumLength - hash.count - 1))-\(hash)"
    }
}

/// FNV-1a: the same on every machine and in every version, which Swift's own hash is not.
package enum StableHash {
    package static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
