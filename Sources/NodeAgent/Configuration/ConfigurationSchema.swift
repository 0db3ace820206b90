package import KubernetesModel

/// The configuration file as a JSON Schema, for editors and for checks before a roll-out.
package enum ConfigurationSchema {
    package static var document: DocumentNode {
        var members = object(ConfigurationKey.all[...], depth: 0)
        members.insert(
            contentsOf: [
                DocumentMember("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
                DocumentMember("title", .string("virt-node's configuration")),
            ], at: 0)
        return .object(members)
    }

    /// The object of all keys that have their first `depth` words in common.
    private static func object(_ keys: ArraySlice<ConfigurationKey>, depth: Int) -> [DocumentMember] {
        var properties: [DocumentMember] = []
        var rest = keys
        while let first = rest.first {
            let words = first.path.split(separator: ".")
            let name = words[depth]
            let group = rest.prefix { $0.path.split(separator: ".").dropFirst(depth).first == name }
            rest = rest.dropFirst(group.count)
            let isLeaf = words.count == depth + 1
            properties.append(
                DocumentMember(String(name), .object(isLeaf ? leaf(first) : object(group, depth: depth + 1))))
        }
        return [
            DocumentMember("type", .string("object")), DocumentMember("additionalProperties", .bool(false)),
            DocumentMember("properties", .object(properties)),
        ]
    }

    private static func leaf(_ key: ConfigurationKey) -> [DocumentMember] {
        [DocumentMember("description", .string("\(key.summary) Takes \(key.allowed)."))] + type(of: key.shape)
    }

    private static func type(of shape: ConfigurationShape) -> [DocumentMember] {
        func type(_ names: String...) -> DocumentMember {
            DocumentMember("type", names.count == 1 ? .string(names[0]) : .array(names.map { .string($0) }))
        }
        return switch shape {
        case .text: [type("string", "integer", "array")]
        case .file: [type("string")]
        case .integer(let range):
            [
                type("integer"), DocumentMember("minimum", DocumentNode(.number("\(range.lowerBound)"))),
                DocumentMember("maximum", DocumentNode(.number("\(range.upperBound)"))),
            ]
        case .boolean: [type("boolean")]
        case .choice(let names): [DocumentMember("enum", .array(names.map { .string($0) }))]
        case .list: [type("array"), DocumentMember("items", .object([type("string")]))]
        case .numbers: [type("object"), DocumentMember("additionalProperties", .object([type("integer")]))]
        case .structure: [type("object")]
        }
    }
}
