package import KubernetesModel

/// Objects of Kubernetes without what their owners would not show: what cloud-init is told, the contents of Secrets and
/// ConfigMaps, and annotations that are not ours to know.
package enum DocumentRedaction {
    private static let secretFields: Set = [
        "userData", "userDataBase64", "networkData", "networkDataBase64", "stringData",
    ]
    /// Whose annotations say how a VM is made, and nothing else.
    private static let plainAnnotations = ["kubevirt.io/", "virt-node.io/", "alpha.kubevirt.io/"]
    private static let secretAnnotations: Set = ["kubevirt.io/ignitiondata"]

    package static func redacted(_ node: DocumentNode) -> DocumentNode {
        switch node.value {
        case .array(let elements): return .array(elements.map(redacted))
        case .object(let members):
            let holdsData = ["Secret", "ConfigMap"].contains(node["kind"]?.text)
            return .object(
                members.compactMap { member in
                    if member.name == "managedFields" { return nil }
                    if secretFields.contains(member.name) { return hidden(member) }
                    if holdsData, ["data", "binaryData"].contains(member.name) { return hidden(member) }
                    if member.name == "annotations" {
                        return DocumentMember(member.name, .object(member.value.members.map(annotation)))
                    }
                    return DocumentMember(member.name, redacted(member.value))
                })
        default: return node
        }
    }

    private static func annotation(_ member: DocumentMember) -> DocumentMember {
        let isPlain = plainAnnotations.contains { member.name.hasPrefix($0) }
        return isPlain && !secretAnnotations.contains(member.name) ? member : hidden(member)
    }

    /// How long it is may explain a problem.
    private static func hidden(_ member: DocumentMember) -> DocumentMember {
        let size = member.value.text?.utf8.count ?? DocumentWriter.json(member.value, indent: nil).utf8.count
        return DocumentMember(member.name, .string("\(SecretScrubber.removed) (\(size) bytes)"))
    }

    /// The texts that `redacted` takes out of an object: they may stand elsewhere too.
    package static func secrets(in node: DocumentNode) -> [String] {
        switch node.value {
        case .array(let elements): elements.flatMap(secrets)
        case .object(let members):
            members.flatMap { member in
                if secretFields.contains(member.name), let text = member.value.text {
                    let decoded = member.name.hasSuffix("Base64") ? Base64.decode(text) : nil
                    return [text] + (decoded.map { [String(decoding: $0, as: UTF8.self)] } ?? [])
                }
                return secrets(in: member.value)
            }
        default: []
        }
    }
}
