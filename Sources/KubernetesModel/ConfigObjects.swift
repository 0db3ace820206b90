internal import FoundationEssentials

/// A Secret or a ConfigMap: named data that volumes refer to.
package struct ConfigObject: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case secret = "Secret"
        case configMap = "ConfigMap"
    }

    package var kind: Kind
    package var name: String
    package var namespace: String
    package var data: [String: [UInt8]]

    /// Reads an object of either kind; `data` of a Secret and `binaryData` of a ConfigMap are base64.
    package init?(_ node: DocumentNode, kind: Kind, defaultNamespace: String, _ context: inout DecodingContext) {
        guard let name = node["metadata"]?["name"]?.text, !name.isEmpty else {
            context.report(.error, "metadata.name is missing: write it", at: node.position)
            return nil
        }
        self.kind = kind
        self.name = name
        namespace = node["metadata"]?["namespace"]?.text ?? defaultNamespace
        data = [:]
        let fields: [(String, encoded: Bool)] =
            kind == .secret ? [("data", true), ("stringData", false)] : [("binaryData", true), ("data", false)]
        for (field, encoded) in fields {
            guard let values = node[field] else { continue }
            let texts = context.within(field) { [String: String].decode(values, &$0) } ?? [:]
            for (key, text) in texts {
                if !encoded {
                    data[key] = Array(text.utf8)
                } else if let bytes = Base64.decode(text) {
                    data[key] = bytes
                } else {
                    context.within(field) { context in
                        context.within(key) { $0.report(.error, "is not base64", at: values.position) }
                    }
                }
            }
        }
    }
}
