import KubernetesModel

/// Reads manifests: text → documents → objects, with every issue of every document collected.
package struct ManifestReader: Sendable {
    package var defaultNamespace: String
    package private(set) var manifest = Manifest()
    package private(set) var issues: [ManifestIssue] = []
    private var names: Set<String> = []

    package init(defaultNamespace: String = "default") { self.defaultNamespace = defaultNamespace }

    package var hasErrors: Bool { issues.contains { $0.issue.severity == .error } }

    /// Reads the documents of `text`, which came from `file`.
    package mutating func read(_ text: String, file: String) {
        let documents: [DocumentNode]
        do { documents = try DocumentReader().read(text) } catch {
            return add(.error("", "\(error)", at: error.position), file: file)
        }
        if documents.isEmpty { add(.error("", "the file holds no object", at: nil), file: file) }
        for document in documents { read(document, file: file) }
    }

    private mutating func add(_ issue: FieldIssue, file: String, object: String? = nil) {
        issues.append(ManifestIssue(file: file, object: object, issue: issue))
    }

    private mutating func read(_ document: DocumentNode, file: String) {
        let apiVersion = document["apiVersion"]?.text ?? ""
        let name = document["kind"]?.text ?? ""
        let position = document["kind"]?.position ?? document.position
        guard !name.isEmpty else {
            let message = "is missing: a VMI has kind: VirtualMachineInstance"
            return add(.error("kind", message, at: position), file: file)
        }
        guard let (kind, versions) = ManifestKind.named(name) else {
            let message = "\(DocumentNode.string(name).excerpt ?? "") is not used here, and left out"
            return add(.warning("kind", message, at: position), file: file)
        }
        guard versions.contains(apiVersion), let version = versions.first else {
            let place = document["apiVersion"]?.position ?? document.position
            let text = DocumentNode.string(apiVersion).excerpt ?? ""
            let message = "\(text) is no version of a \(name): write \(versions.first ?? "")"
            return add(.error("apiVersion", message, at: place), file: file)
        }
        switch kind {
        case .instance: readInstance(document, file: file)
        case .owner(let template): readOwner(document, kind: name, template: template, file: file)
        case .config(let kind): readConfigObject(document, kind: kind, file: file)
        case .list(let element): readList(document, of: element, version: version, file: file)
        }
    }

    private mutating func readList(_ document: DocumentNode, of kind: String?, version: String, file: String) {
        guard case .array(let items) = document["items"]?.value else {
            let position = document["items"]?.position ?? document.position
            let message = "is missing, or no list: write the objects below it"
            return add(.error("items", message, at: position), file: file)
        }
        for item in items {
            var item = item
            // The API leaves out of a list what the list says for all.
            if let kind, item["kind"] == nil, item["apiVersion"] == nil, case .object(let members) = item.value {
                let named = [DocumentMember("apiVersion", .string(version)), DocumentMember("kind", .string(kind))]
                item.value = .object(named + members)
            }
            read(item, file: file)
        }
    }

    private mutating func readInstance(_ document: DocumentNode, file: String) {
        var context = DecodingContext()
        guard let instance = VirtualMachineInstance.decode(document, &context) else { return }
        finish(InstanceDraft(instance: instance, document: document, issues: context.issues), file: file)
    }

    private mutating func readOwner(_ document: DocumentNode, kind: String, template: String, file: String) {
        guard let draft = InstanceDraft(owner: document, kind: kind, template: template) else {
            let position = PositionIndex(document).position(of: template)
            let message = "is missing, or no object: write the VMI's metadata and spec below it"
            return add(.error(template, message, at: position), file: file, object: document["metadata"]?["name"]?.text)
        }
        finish(draft, file: file)
    }

    /// Takes a VMI in, with its defaults and with what is wrong with it.
    private mutating func finish(_ draft: InstanceDraft, file: String) {
        var draft = draft
        let found = draft.complete(namespace: defaultNamespace)
        let instance = draft.instance
        let object = instance.name.isEmpty ? nil : instance.qualifiedName
        for issue in found { add(issue, file: file, object: object) }
        if object != nil, !names.insert(instance.qualifiedName).inserted {
            let message =
                "\(instance.name.quoted) is used twice in namespace \(instance.namespace.cut(to: 63)): give each VMI a name of its own"
            let path = draft.path(of: "metadata.name")
            let position = PositionIndex(draft.document).position(of: path)
            add(.error(path, message, at: position), file: file, object: object)
        }
        manifest.instances.append(instance)
    }

    private mutating func readConfigObject(_ document: DocumentNode, kind: ConfigObject.Kind, file: String) {
        var context = DecodingContext()
        let object = ConfigObject(document, kind: kind, defaultNamespace: defaultNamespace, &context)
        if let object { manifest.configObjects.append(object) }
        for issue in context.issues { add(issue, file: file, object: object.map { "\(kind.rawValue) \($0.name)" }) }
    }
}
