import KubernetesModel

/// A VMI as a document brings it: itself, or as the template of its owner.
struct InstanceDraft {
    var instance: VirtualMachineInstance
    let document: DocumentNode
    private var issues: [FieldIssue]
    /// Where the object with the VMI's spec stands, such as `spec.template`; empty for the document itself.
    private var template = ""
    private var isNamedByTemplate = false

    init(instance: VirtualMachineInstance, document: DocumentNode, issues: [FieldIssue]) {
        self.instance = instance
        self.document = document
        self.issues = issues
    }

    /// The VMI that the control plane would make for this owner; nil where the owner has no template.
    init?(owner document: DocumentNode, kind: String, template: String) {
        guard let node = Self.node(document, at: template), case .object = node.value else { return nil }
        var context = DecodingContext(path: template)
        guard let body = VirtualMachineInstanceTemplate.decode(node, &context) else { return nil }
        var ownerContext = DecodingContext(path: "metadata")
        let owner = document["metadata"].flatMap { ObjectMeta.decode($0, &ownerContext) } ?? ObjectMeta()
        instance = VirtualMachineInstance()
        instance.spec = body.spec
        // A VirtualMachine's VMI bears its name, whatever the template says.
        isNamedByTemplate = kind != "VirtualMachine" && body.metadata?.name != nil
        instance.metadata.name = isNamedByTemplate ? body.metadata?.name : owner.name
        instance.metadata.namespace = owner.namespace
        instance.metadata.labels = body.metadata?.labels ?? [:]
        instance.metadata.annotations = body.metadata?.annotations ?? [:]
        self.document = document
        self.template = template
        issues = ownerContext.issues + Self.warnings(of: document, template: template) + context.issues
    }

    /// What the owner leaves to the control plane although the machine depends on it.
    private static func warnings(of document: DocumentNode, template: String) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        let prefix = template.dropLast("template".count)
        for field in ["instancetype", "preference"] {
            let path = "\(prefix)\(field)"
            guard let node = node(document, at: path) else { continue }
            let message = "is resolved by the control plane: what it adds is missing here, so write it into \(template)"
            issues.append(.warning(path, message, at: node.position))
        }
        if let node = document["spec"]?["replicas"], case .number(let count) = node.value, Int(count) ?? 0 > 1 {
            issues.append(
                .warning(
                    "spec.replicas", "\(count) VMIs are made by the control plane: here it is one", at: node.position))
        }
        return issues
    }

    private static func node(_ document: DocumentNode, at path: String) -> DocumentNode? {
        path.split(separator: ".").reduce(document) { node, name in node?[String(name)] }
    }

    /// The path in the document of a field of the VMI.
    func path(of field: String) -> String {
        guard !template.isEmpty else { return field }
        if field == "metadata.namespace" || (field == "metadata.name" && !isNamedByTemplate) { return field }
        return "\(template).\(field)"
    }

    /// Fills in the defaults, and gives every issue of the VMI, with its place.
    mutating func complete(namespace: String) -> [FieldIssue] {
        instance.metadata.namespace = instance.metadata.namespace ?? namespace
        let unread = issues.filter { $0.severity == .error }.map(\.path)
        // Without one of its elements, a list counts otherwise than its user does.
        guard !unread.contains(where: { $0.hasSuffix("]") }) else { return issues }
        instance.applyDefaults()
        let positions = PositionIndex(document)
        let relatives = PathRelatives(unread)
        return issues
            + instance.validate().compactMap { issue in
                var issue = issue
                issue.path = path(of: issue.path)
                // What could not be read has been told, and what follows from it is no issue of its own.
                guard !relatives.include(issue.path) else { return nil }
                issue.position = issue.position ?? positions.position(of: issue.path)
                return issue
            }
    }
}

/// Paths, all fields that they stand in, and all that stands below them.
private struct PathRelatives {
    private let paths: Set<Substring>
    private var parents: Set<Substring> = []

    init(_ paths: [String]) {
        self.paths = Set(paths.map { $0[...] })
        for path in paths { parents.formUnion(Self.parents(of: path)) }
    }

    func include(_ path: String) -> Bool {
        guard !paths.isEmpty else { return false }
        return paths.contains(path[...]) || parents.contains(path[...])
            || Self.parents(of: path).contains(where: paths.contains)
    }

    private static func parents(of path: String) -> [Substring] {
        let bytes = path.utf8
        return bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") || bytes[$0] == UInt8(ascii: "[") }.map {
            path[..<$0]
        }
    }
}
