import KubernetesModel

/// A value as a key reads it, whether it stood in the file, in the environment or on the command line.
enum ConfigurationValue: Sendable, Equatable {
    case text(String)
    case list([String])
    case map([String: String])
    /// What is deeper than a list or a map of texts.
    case document(DocumentNode)

    init(_ node: DocumentNode) { self = Self.flat(node) ?? .document(node) }

    private static func flat(_ node: DocumentNode) -> ConfigurationValue? {
        switch node.value {
        case .array(let elements):
            let texts = elements.compactMap(scalar)
            guard texts.count == elements.count else { return nil }
            return .list(texts)
        case .object(let members):
            var map: [String: String] = [:]
            for member in members {
                guard let text = scalar(member.value) else { return nil }
                map[member.name] = text
            }
            return .map(map)
        default:
            guard let text = scalar(node) else { return nil }
            return .text(text)
        }
    }

    private static func scalar(_ node: DocumentNode) -> String? {
        switch node.value {
        case .string(let text), .number(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// `a,b,c` where a text stands for a list.
    var elements: [String]? {
        switch self {
        case .text(let text): text.isEmpty ? [] : text.split(separator: ",").map(String.init)
        case .list(let elements): elements
        case .map, .document: nil
        }
    }

    /// `a=1,b=2` where a text stands for a map.
    var entries: [String: String]? {
        if case .map(let entries) = self { return entries }
        guard let elements else { return nil }
        var result: [String: String] = [:]
        for element in elements {
            let parts = element.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            result[String(parts[0])] = String(parts[1])
        }
        return result
    }

    /// The whole structure, also where a text holds it.
    var document: DocumentNode? {
        switch self {
        case .document(let node): node
        case .text(let text): try? DocumentReader().read(text).first
        case .list(let elements): .array(elements.map { .string($0) })
        case .map(let entries): .object(entries.map { DocumentMember($0, .string($1)) })
        }
    }

    /// For messages, cut where it is long.
    var excerpt: String {
        let text =
            switch self {
            case .text(let text): text
            case .list(let elements): elements.joined(separator: ",")
            case .document: "a structure"
            case .map(let entries): entries.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
            }
        return text.count > 80 ? "\(text.prefix(80))…" : text
    }
}
