import KubernetesModel

/// A value as a key reads it, whether it stood in the file, in the environment or on the command line.
enum ConfigurationValue: Sendable, Equatable {
    case text(String)
    case list([String])
    case map([String: String])

    /// Nil where the node holds what no key takes, such as a list of lists.
    init?(_ node: DocumentNode) {
        switch node.value {
        case .array(let elements):
            let texts = elements.compactMap(Self.scalar)
            guard texts.count == elements.count else { return nil }
            self = .list(texts)
        case .object(let members):
            var map: [String: String] = [:]
            for member in members {
                guard let text = Self.scalar(member.value) else { return nil }
                map[member.name] = text
            }
            self = .map(map)
        default:
            guard let text = Self.scalar(node) else { return nil }
            self = .text(text)
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
        case .map: nil
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

    /// For messages, cut where it is long.
    var excerpt: String {
        let text =
            switch self {
            case .text(let text): text
            case .list(let elements): elements.joined(separator: ",")
            case .map(let entries): entries.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
            }
        return text.count > 80 ? "\(text.prefix(80))…" : text
    }
}
