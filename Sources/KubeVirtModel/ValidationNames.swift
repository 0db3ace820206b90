import KubernetesModel

/// The rules of Kubernetes for names.
package enum KubernetesName {
    /// A DNS label: lower-case letters, digits and `-`, at most 63.
    package static func isLabel(_ name: String) -> Bool { name.utf8.count <= 63 && isPart(name.utf8) }

    /// A DNS subdomain: labels with dots between, at most 253.
    package static func isSubdomain(_ name: String) -> Bool {
        guard name.utf8.count <= 253 else { return false }
        return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { isPart($0) }
    }

    private static func isPart(_ part: some BidirectionalCollection<UInt8>) -> Bool {
        guard let first = part.first, let last = part.last else { return false }
        guard first.isLowercase || first.isDigit, last.isLowercase || last.isDigit else { return false }
        return part.allSatisfy { $0.isLowercase || $0.isDigit || $0 == UInt8(ascii: "-") }
    }

    /// The name of a port: at most 15 lower-case letters, digits and single `-`, with a letter among them.
    static func isPortName(_ name: String) -> Bool {
        name.utf8.count <= 15 && isPart(name.utf8) && name.utf8.contains(where: \.isLowercase) && !name.contains("--")
    }

    /// A UUID in its five groups.
    static func isUID(_ text: String) -> Bool {
        guard text.utf8.count == 36 else { return false }
        return text.utf8.enumerated().allSatisfy { index, byte in
            [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : byte.isHexDigit
        }
    }

    static func complaint(_ name: String, limit: Int) -> String {
        "\(name.quoted) is no name: write at most \(limit) lower-case letters, digits and -, with a letter or digit at both ends"
    }
}

extension ValidationReport {
    mutating func checkLabel(_ field: String, _ name: String) {
        if !KubernetesName.isLabel(name) { error(field, KubernetesName.complaint(name, limit: 63)) }
    }

    mutating func checkSubdomain(_ field: String, _ name: String) {
        if !KubernetesName.isSubdomain(name) { error(field, KubernetesName.complaint(name, limit: 253)) }
    }

    /// A name that may be left out or empty.
    mutating func checkOptionalSubdomain(_ field: String, _ name: String?) {
        if let name, !name.isEmpty { checkSubdomain(field, name) }
    }
}
