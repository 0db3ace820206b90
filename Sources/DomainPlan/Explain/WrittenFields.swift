package import KubernetesModel

/// What a user wrote of a VMI: its document as it was read, before any default.
package struct WrittenFields: Sendable {
    /// Where the VMI stands in its document, such as `spec.template`; empty for a VMI of its own.
    let prefix: String
    /// The VMI's `metadata` and `spec`.
    let instance: FieldTree
    private let document: FieldTree
    /// Whether the VMI bears its owner's name whatever the template says, as that of a VirtualMachine does.
    private let isNamedByOwner: Bool

    /// The VMI that stands at `prefix` of a document.
    package init(_ document: DocumentNode, prefix: String = "") {
        self.prefix = prefix
        let tree = FieldTree(document)
        self.document = tree
        instance = prefix.isEmpty ? tree : tree[prefix] ?? FieldTree(.object([]))
        isNamedByOwner = document["kind"]?.text == "VirtualMachine"
    }

    /// What the document says in the VMI's field: nil where it says nothing.
    func value(at path: String) -> DocumentNode? {
        (isOwners(path) ? document : instance)[path]?.node
    }

    /// The field's path from the document's root.
    func documentPath(of path: String) -> String {
        prefix.isEmpty || isOwners(path) ? path : "\(prefix).\(path)"
    }

    /// Whether the VMI has that field from its owner, and not from the template.
    private func isOwners(_ path: String) -> Bool {
        switch path {
        case "metadata.name": isNamedByOwner || instance[path] == nil
        case "metadata.namespace", "metadata.uid": true
        default: false
        }
    }
}

extension DocumentNode {
    /// What the node says, where that fits into a line: a scalar, or that it is empty.
    var brief: String? {
        switch value {
        case .string(let text) where !text.isEmpty && text.allSatisfy({ !$0.isWhitespace }) && text.count <= 60: text
        case .array(let elements): elements.isEmpty ? "[]" : nil
        case .object(let members): members.isEmpty ? "{}" : nil
        case .null, .bool, .number, .string: excerpt
        }
    }
}

extension WrittenFields {
    /// Where objects hold a VMI, by their kind.
    private static let prefixes = [
        "VirtualMachineInstance": "", "VirtualMachine": "spec.template",
        "VirtualMachineInstanceReplicaSet": "spec.template",
        "VirtualMachinePool": "spec.virtualMachineTemplate.spec.template",
    ]

    /// The VMIs of a file's documents, in order: those of lists and the templates of their owners, too.
    package static func all(in documents: [DocumentNode]) -> [WrittenFields] {
        all(in: documents, of: nil)
    }

    /// `kind` is what the objects are that do not say it, since their list does.
    private static func all(in documents: [DocumentNode], of kind: String?) -> [WrittenFields] {
        documents.flatMap { document -> [WrittenFields] in
            let kind = document["kind"]?.text ?? kind ?? ""
            if kind.hasSuffix("List"), case .array(let items) = document["items"]?.value {
                return all(in: items, of: String(kind.dropLast(4)))
            }
            return prefixes[kind].map { [WrittenFields(document, prefix: $0)] } ?? []
        }
    }
}
