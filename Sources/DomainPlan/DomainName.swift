/// Names of domains: `NAMESPACE_NAME`. Kubernetes' names hold no `_`, so the first one parts them.
package enum DomainName {
    /// libvirt makes file names of a domain's name, with endings of its own (`.xml`, `-monitor.sock`).
    static let maximumLength = 200

    /// The domain's name; one that is too long for a path is cut, and ends in a hash of the whole.
    package static func of(namespace: String, name: String) -> String {
        fitted("\(namespace)_\(name)")
    }

    /// A name that fits into a file's, with an ending: one that is too long is cut, and ends in a hash of the whole.
    package static func fitted(_ name: String) -> String {
        guard name.utf8.count > maximumLength else { return name }
        let hash = String(StableHash.of(name), radix: 16)
        return "\(name.prefix(maximumLength - hash.count - 1))-\(hash)"
    }
}

/// FNV-1a: the same on every machine and in every version, which Swift's own hash is not.
package enum StableHash {
    package static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
