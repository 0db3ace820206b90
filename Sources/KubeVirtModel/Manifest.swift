package import KubernetesModel

/// What one or several files hold: the VMIs to run, and the objects that they refer to.
package struct Manifest: Sendable {
    package var instances: [VirtualMachineInstance] = []
    package var configObjects: [ConfigObject] = []

    package init() {}

    /// The Secret or ConfigMap of that name in the VMI's namespace.
    package func object(_ kind: ConfigObject.Kind, _ name: String, namespace: String) -> ConfigObject? {
        configObjects.first { $0.kind == kind && $0.name == name && $0.namespace == namespace }
    }
}

/// An issue, and the file and object that it is about.
package struct ManifestIssue: Sendable {
    package var file: String
    package var object: String?
    package var issue: FieldIssue
}

/// Finds where in its source a field path stands; the nearest parent answers for a field that is absent.
struct PositionIndex {
    let root: DocumentNode

    init(_ root: DocumentNode) { self.root = root }

    func position(of path: String) -> SourcePosition? {
        var node = root
        var position = root.position
        for part in path.split(whereSeparator: { $0 == "." || $0 == "[" }) {
            let next: DocumentNode?
            if part.hasSuffix("]") {
                // The entries of a map are not searched: a spec may have thousands, each with an issue.
                guard let index = Int(part.dropLast()), case .array(let elements) = node.value else { return position }
                next = elements.indices.contains(index) ? elements[index] : nil
            } else {
                next = node[String(part)]
            }
            guard let next else { return position }
            node = next
            position = next.position ?? position
        }
        return position
    }
}
