import FoundationEssentials

/// A host as a JSON document: its facts, beside the version of the format.
struct HostDocument: Sendable, Hashable {
    /// A newer minor version only adds fields, which older programs ignore; a newer major version changes meanings.
    static let (major, minor) = (1, 0)
    static let versionField = "formatVersion"

    var host: Host

    private enum CodingKeys: String, CodingKey {
        case formatVersion
    }
}

extension HostDocument: Encodable {
    func encode(to encoder: any Encoder) throws {
        try host.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("\(Self.major).\(Self.minor)", forKey: .formatVersion)
    }
}

extension Host {
    /// What `virt-node host -o json` prints and `Host.load` reads; ends with a line feed.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(HostDocument(host: self)), as: UTF8.self) + "\n"
    }
}

/// The one field that is read before all others.
struct HostDocumentVersion: Decodable {
    var formatVersion: String

    /// The major version; `nil` for what is no version.
    var major: Int? {
        let parts = formatVersion.split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
        guard parts.count == 2, parts[1] != nil else { return nil }
        return parts[0].map(Int.init)
    }
}
