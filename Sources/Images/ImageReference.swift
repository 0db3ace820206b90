/// The name of an image as a VMI or an operator writes it: `[docker://][registry/]repository[:tag][@sha256:…]`.
///
/// One text has two readings. The store is first asked for the name as written (`localName`), so that an imported
/// `hello:latest` is found without a registry; only then for what a registry would be asked (`canonicalName`), by
/// docker's rules: no registry means `docker.io`, one path component means `library/`, no tag means `latest`.
package struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// What the user wrote, for display.
    package let written: String
    /// Host with an optional port; nil when the text names none.
    package let registry: String?
    /// Path inside the registry, as written.
    package let repository: String
    package let tag: String?
    package let digest: ImageDigest?

    package var description: String { written }

    /// Reads and checks a name. Throws `ImageError.invalidReference` with what to write instead.
    package init(_ text: String) throws(ImageError) {
        written = text
        var rest = Substring(text)
        if rest.hasPrefix("docker://") { rest = rest.dropFirst(9) }
        (rest, digest) = try Self.splitDigest(rest, of: text)
        (rest, tag) = try Self.splitTag(rest, of: text)
        (registry, repository) = try Self.splitRegistry(rest, of: text)
    }

    /// The name the store keeps an import under: as written, with `:latest` where neither tag nor digest is given.
    package var localName: String { join(registry.map { $0 + "/" } ?? "", repository) }

    /// The name a registry is asked for.
    package var canonicalName: String { join(canonicalRegistry + "/", canonicalRepository) }

    /// The name of the registry that is asked; `docker.io` where none is written.
    package var canonicalRegistry: String {
        registry == nil || registry == "index.docker.io" ? "docker.io" : registry ?? "docker.io"
    }

    /// skopeo's name of the image, pinned to `digest`, so that a tag cannot move between two calls.
    func transport(pinnedTo digest: ImageDigest?) -> String {
        let pinned = digest ?? self.digest
        let suffix = pinned.map { "@\($0)" } ?? ":\(tag ?? "latest")"
        return "docker://\(canonicalRegistry)/\(canonicalRepository)\(suffix)"
    }

    private var canonicalRepository: String {
        canonicalRegistry == "docker.io" && !repository.contains("/") ? "library/\(repository)" : repository
    }

    private func join(_ registry: String, _ repository: String) -> String {
        let tag = tag.map { ":\($0)" } ?? (digest == nil ? ":latest" : "")
        return "\(registry)\(repository)\(tag)\(digest.map { "@\($0)" } ?? "")"
    }
}

extension ImageReference {
    private static func splitDigest(
        _ text: Substring, of whole: String
    ) throws(ImageError) -> (Substring, ImageDigest?) {
        guard let mark = text.firstIndex(of: "@") else { return (text, nil) }
        guard let digest = ImageDigest(text[text.index(after: mark)...]) else {
            throw .invalidReference(whole, "what follows '@' must be sha256: and 64 lower-case hexadecimal digits")
        }
        return (text[..<mark], digest)
    }

    private static func splitTag(_ text: Substring, of whole: String) throws(ImageError) -> (Substring, String?) {
        let name = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
        // A colon before the last slash belongs to the registry's port.
        guard let mark = text[name...].firstIndex(of: ":") else { return (text, nil) }
        let tag = text[text.index(after: mark)...]
        let first = tag.utf8.first
        guard let first, first != UInt8(ascii: "-"), first != UInt8(ascii: "."), tag.utf8.count <= 128,
            tag.utf8.allSatisfy({ isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else {
            throw .invalidReference(whole, "a tag is 1 to 128 letters, digits, '_', '.' and '-', not led by '.' or '-'")
        }
        return (text[..<mark], String(tag))
    }

    private static func splitRegistry(
        _ text: Substring, of whole: String
    ) throws(ImageError) -> (String?, String) {
        guard !text.isEmpty, text.utf8.count <= 255 else {
            throw .invalidReference(whole, "write [registry/]repository[:tag][@sha256:…] with at most 255 characters")
        }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        var registry: String?
        if parts.count > 1, let first = parts.first,
            first.contains(".") || first.contains(":") || first == "localhost"
        {
            guard isHost(first) else { throw .invalidReference(whole, "'\(first)' is no host[:port]") }
            registry = String(first)
            parts.removeFirst()
        }
        for part in parts where !isComponent(part) {
            throw .invalidReference(
                whole,
                "'\(part)' must be lower-case letters and digits, parted by single '.', '_', '__' or any number of '-'")
        }
        return (registry, parts.joined(separator: "/"))
    }

    private static func isHost(_ text: Substring) -> Bool {
        var name = text
        if let mark = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let port = UInt16(text[text.index(after: mark)...]), port > 0 else { return false }
            name = text[..<mark]
        }
        if name.hasPrefix("["), name.hasSuffix("]") {
            return name.dropFirst().dropLast().utf8.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") }
        }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Distribution's grammar of a path component: `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`.
    private static func isComponent(_ text: Substring) -> Bool {
        var separator = ""
        var seen = false
        for byte in text.utf8 {
            if (48...57).contains(byte) || (97...122).contains(byte) {
                let single = separator.isEmpty || separator == "." || separator == "_" || separator == "__"
                guard single || separator.utf8.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return false }
                guard seen || separator.isEmpty else { return false }
                separator = ""
                seen = true
            } else {
                separator.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return seen && separator.isEmpty
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
}
