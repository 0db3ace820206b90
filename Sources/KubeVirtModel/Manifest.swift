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

/// Reads manifests: text → documents → objects, with every issue of every document collected.
package struct ManifestReader: Sendable {
    package var defaultNamespace: String
    package private(set) var manifest = Manifest()
    package private(set) var issues: [ManifestIssue] = []

    package init(defaultNamespace: String = "default") { self.defaultNamespace = defaultNamespace }

    package var hasErrors: Bool { issues.contains { $0.issue.severity == .error } }

    /// Reads the documents of `text`, which came from `file`.
    package mutating func read(_ text: String, file: String) {
        let documents: [DocumentNode]
        do { documents = try DocumentReader().read(text) } catch {
            return add(.error("", "\(error)", at: error.position), file: file, object: nil)
        }
        if documents.isEmpty { add(.error("", "the file holds no object", at: nil), file: file, object: nil) }
        for document in documents { read(document, file: file) }
    }

    private mutating func add(_ issue: FieldIssue, file: String, object: String?) {
        issues.append(ManifestIssue(file: file, object: object, issue: issue))
    }

    private mutating func read(_ document: DocumentNode, file: String) {
        let apiVersion = document["apiVersion"]?.text ?? ""
        let kind = document["kind"]?.text ?? ""
        switch (kind, apiVersion) {
        case ("VirtualMachineInstance", "kubevirt.io/v1"), ("VirtualMachineInstance", "kubevirt.io/v1alpha3"):
            readInstance(document, file: file)
        case ("VirtualMachineInstance", _):
            let message = "\"\(apiVersion)\" is no version of a VirtualMachineInstance: write kubevirt.io/v1"
            add(
                .error("apiVersion", message, at: document["apiVersion"]?.position ?? document.position), file: file,
                object: nil)
        case ("Secret", "v1"): readConfigObject(document, kind: .secret, file: file)
        case ("ConfigMap", "v1"): readConfigObject(document, kind: .configMap, file: file)
        case ("List", "v1"):
            guard case .array(let items) = document["items"]?.value else {
                let position = document["items"]?.position ?? document.position
                return add(
                    .error("items", "is missing, or no list: write the objects below it", at: position), file: file,
                    object: nil)
            }
            for item in items { read(item, file: file) }
        case ("", _):
            add(
                .error("kind", "is missing: a VMI has kind: VirtualMachineInstance", at: document.position), file: file,
                object: nil)
        default:
            let position = document["kind"]?.position ?? document.position
            let message =
                "\"\(kind)\" of \"\(apiVersion)\" is not read here: write a VirtualMachineInstance, Secret or ConfigMap"
            add(.error("kind", message, at: position), file: file, object: nil)
        }
    }

    private mutating func readInstance(_ document: DocumentNode, file: String) {
        var context = DecodingContext()
        guard var instance = VirtualMachineInstance.decode(document, &context) else { return }
        instance.metadata.namespace = instance.metadata.namespace ?? defaultNamespace
        let positions = PositionIndex(document)
        var found = context.issues
        if !found.contains(where: { $0.severity == .error }) {
            instance.applyDefaults()
            found += instance.validate().map { issue in
                var issue = issue
                issue.position = issue.position ?? positions.position(of: issue.path)
                return issue
            }
            let twin = manifest.instances.contains {
                $0.name == instance.name && $0.namespace == instance.namespace
            }
            if twin {
                let message =
                    "\"\(instance.name)\" is used twice in namespace \(instance.namespace): give each VMI a name of its own"
                found.append(.error("metadata.name", message, at: positions.position(of: "metadata.name")))
            }
        }
        for issue in found { add(issue, file: file, object: instance.name.isEmpty ? nil : instance.qualifiedName) }
        manifest.instances.append(instance)
    }

    private mutating func readConfigObject(_ document: DocumentNode, kind: ConfigObject.Kind, file: String) {
        var context = DecodingContext()
        let object = ConfigObject(document, kind: kind, defaultNamespace: defaultNamespace, &context)
        if let object { manifest.configObjects.append(object) }
        for issue in context.issues { add(issue, file: file, object: object.map { "\(kind.rawValue) \($0.name)" }) }
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
            if part.hasSuffix("]"), let index = Int(part.dropLast()), case .array(let elements) = node.value {
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
