import FoundationEssentials
import KubernetesModel

/// An object on its way into the store: what a client wants, made into what is written.
///
///     body → unknown fields → system metadata → status apart from spec → admission → managed fields → generation
struct ObjectDraft {
    let target: RequestTarget
    let options: WriteOptions
    let caller: APICaller
    let now: Timestamp
    private(set) var warnings: [String] = []

    private var definition: ResourceDefinition { target.definition }

    init(_ request: APIRequest, _ target: RequestTarget, _ options: WriteOptions, now: Timestamp) {
        self.target = target
        self.options = options
        self.now = now
        caller = request.caller
    }

    /// What is written when `wanted` takes the place of `old`; nil for `old` makes a new object. `managed` is who owns
    /// what, where server-side apply has found it out already.
    mutating func complete(_ wanted: DocumentNode, old: DocumentNode?, managed: ManagedFields? = nil)
        throws(APIStatus) -> DocumentNode
    {
        var new = try checkFields(wanted)
        let asked = new[["metadata", "managedFields"]]
        if let old { try keepSystemFields(of: old, in: &new) } else { try makeSystemFields(in: &new) }
        separateStatus(&new, old)
        try checkMetadata(new, old)
        new = new.canonical
        var change = AdmissionChange(old: old, new: new, caller: caller, definition: definition)
        try definition.admission.admit(&change)
        warnings += change.warnings
        if !change.causes.isEmpty { throw .invalid(definition, new.objectName, change.causes) }
        new = change.new.canonical
        if let old, Self.content(new) == Self.content(old), managed == nil { return old }
        noteManagers(&new, old, asked: asked, managed)
        setGeneration(&new, old)
        return new.canonical
    }

    /// An object without what changes with every write.
    private static func content(_ object: DocumentNode) -> DocumentNode {
        var object = object
        object[["metadata", "managedFields"]] = nil
        object[["metadata", "generation"]] = nil
        return object
    }

    // MARK: Fields

    private mutating func checkFields(_ wanted: DocumentNode) throws(APIStatus) -> DocumentNode {
        try checkKind(wanted)
        var unknown: [String] = []
        let new = definition.schema.prune(wanted, unknown: &unknown)
        let texts = unknown.map { "unknown field \"\($0.cut(to: 300))\"" }
        switch options.validation {
        case .strict where !texts.isEmpty:
            let kind = definition.resource.kind
            let list = texts.prefix(20).joined(separator: ", ")
            throw .badRequest(
                "\(kind) in version \"\(definition.resource.version)\" cannot be handled as a \(kind): strict decoding error: \(list)"
            )
        case .warn: warnings += texts
        case .ignore, .strict: break
        }
        let errors = definition.schema.typeErrors(new)
        guard errors.isEmpty else {
            if definition.isBuiltin {
                let kind = definition.resource.kind
                throw .badRequest(
                    "\(kind) in version \"\(definition.resource.version)\" cannot be handled as a \(kind): \(errors[0])"
                )
            }
            throw .invalid(
                definition, new.objectName,
                errors.prefix(50).map { APIStatus.Cause("FieldValueTypeInvalid", field: $0.path, $0.message) })
        }
        return new
    }

    private func checkKind(_ object: DocumentNode) throws(APIStatus) {
        guard object.isObject else {
            throw .badRequest("the body must be an object of kind \(definition.resource.kind)")
        }
        guard let kind = object["kind"]?.text, !kind.isEmpty else {
            throw .badRequest("Object 'Kind' is missing: write kind: \(definition.resource.kind)")
        }
        let version = object["apiVersion"]?.text ?? ""
        guard version == definition.resource.apiVersion else {
            throw .badRequest(
                "the API version in the data (\(version.cut(to: 100))) does not match the expected API version (\(definition.resource.apiVersion))"
            )
        }
        guard kind == definition.resource.kind else {
            throw .badRequest(
                "the kind in the data (\(kind.cut(to: 100))) does not match the expected kind (\(definition.resource.kind))"
            )
        }
    }

    // MARK: Metadata

    private func makeSystemFields(in new: inout DocumentNode) throws(APIStatus) {
        if let version = new.resourceVersion, !version.isEmpty {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        for name in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"] {
            new[["metadata", name]] = nil
        }
        if new.objectName.isEmpty, let base = new[["metadata", "generateName"]]?.text, !base.isEmpty {
            let letters = Array("bcdfghjklmnpqrstvwxz2456789")
            let suffix = String((0..<5).map { _ in letters[Int.random(in: letters.indices)] })
            new[["metadata", "name"]] = .string(base.prefix(58) + suffix)
        }
        try setNamespace(in: &new)
        new[["metadata", "uid"]] = .string(UUID().uuidString.lowercased())
        new[["metadata", "creationTimestamp"]] = now.encode()
    }

    private func keepSystemFields(of old: DocumentNode, in new: inout DocumentNode) throws(APIStatus) {
        let name = old.objectName
        if let given = new[["metadata", "name"]]?.text, !given.isEmpty, given != name {
            throw .badRequest(
                "the name of the object (\(given.cut(to: 100))) does not match the name on the URL (\(name))")
        }
        if let uid = new.objectUID, !uid.isEmpty, uid != old.objectUID {
            throw .conflict(
                definition, name,
                "Precondition failed: UID in precondition: \(uid.cut(to: 60)), UID in object meta: \(old.objectUID ?? "")"
            )
        }
        try setNamespace(in: &new)
        for member in [
            "name", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation",
            "generateName", "resourceVersion",
        ] {
            new[["metadata", member]] = old[["metadata", member]]
        }
        new[["metadata", "selfLink"]] = nil
    }

    private func setNamespace(in new: inout DocumentNode) throws(APIStatus) {
        let given = new.objectNamespace ?? ""
        guard let namespace = target.namespace else {
            if given.isEmpty || !definition.resource.isNamespaced { return new[["metadata", "namespace"]] = nil }
            return
        }
        guard given.isEmpty || given == namespace else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request (\(given.cut(to: 100)), \(namespace))"
            )
        }
        new[["metadata", "namespace"]] = .string(namespace)
    }

    private func checkMetadata(_ new: DocumentNode, _ old: DocumentNode?) throws(APIStatus) {
        var causes: [APIStatus.Cause] = []
        let name = new.objectName
        if name.isEmpty {
            causes.append(
                APIStatus.Cause(
                    "FieldValueRequired", field: "metadata.name", "Required value: name or generateName is required"))
        } else if old == nil {
            let isLabel = definition.resource.kind == "Namespace"
            if isLabel ? !LabelSyntax.isLabel(name.utf8) : !LabelSyntax.isSubdomain(name.utf8) {
                let rule = isLabel ? "up to 63 lower-case letters, digits and -" : "lower-case letters, digits, - and ."
                causes.append(
                    APIStatus.Cause(
                        field: "metadata.name",
                        "Invalid value: \"\(name.cut(to: 100))\": write \(rule) (RFC 1123), with a letter or digit at both ends"
                    ))
            }
        }
        for (key, value) in new[["metadata", "labels"]]?.stringMap ?? [:] {
            if !LabelSyntax.isKey(key) || !LabelSyntax.isValue(value) {
                causes.append(
                    APIStatus.Cause(
                        field: "metadata.labels",
                        "Invalid value: \"\(key.cut(to: 100))=\(value.cut(to: 100))\": write up to 63 letters, digits, -, _ and ."
                    ))
            }
        }
        let annotations = new[["metadata", "annotations"]]?.members ?? []
        let size = annotations.reduce(0) { $0 + $1.name.utf8.count + ($1.value.text?.utf8.count ?? 0) }
        if size > 256 << 10 {
            causes.append(
                APIStatus.Cause("FieldValueTooLong", field: "metadata.annotations", "Too long: at most 262144 bytes"))
        }
        causes += finalizerCauses(new, old)
        if !causes.isEmpty { throw .invalid(definition, name, causes) }
    }

    private func finalizerCauses(_ new: DocumentNode, _ old: DocumentNode?) -> [APIStatus.Cause] {
        let path = ["metadata", "finalizers"]
        let finalizers = new[path]?.elements.compactMap(\.text) ?? []
        var causes = finalizers.filter { !LabelSyntax.isKey($0) }.map {
            APIStatus.Cause(
                field: "metadata.finalizers",
                "Invalid value: \"\($0.cut(to: 100))\": write a name such as example.com/cleanup")
        }
        if let old, old.isBeingDeleted {
            let before = Set(old[path]?.elements.compactMap(\.text) ?? [])
            if !finalizers.allSatisfy(before.contains) {
                causes.append(
                    APIStatus.Cause(
                        "FieldValueForbidden", field: "metadata.finalizers",
                        "Forbidden: no new finalizers can be added if the object is being deleted"))
            }
        }
        return causes
    }

    // MARK: Spec, status and owners

    /// Through the subresource only the status changes, and otherwise everything else.
    private func separateStatus(_ new: inout DocumentNode, _ old: DocumentNode?) {
        guard definition.hasStatus, let old else { return }
        guard target.subresource == "status" else { return new.setMember("status", old["status"]) }
        var kept = old
        kept.setMember("status", new["status"])
        for member in ["labels", "annotations", "finalizers"] where !definition.isBuiltin {
            // A status write may not touch metadata of custom kinds; of built-in ones it may.
            kept[["metadata", member]] = old[["metadata", member]]
        }
        if definition.isBuiltin { kept.setMember("metadata", new["metadata"]) }
        new = kept
    }

    private var writer: ManagedFields.Writer {
        ManagedFields.Writer(
            options.manager, options.operation, apiVersion: definition.resource.apiVersion,
            subresource: target.subresource)
    }

    private func noteManagers(
        _ new: inout DocumentNode, _ old: DocumentNode?, asked: DocumentNode?, _ managed: ManagedFields?
    ) {
        let path = ["metadata", "managedFields"]
        let before = managed ?? ManagedFields(asked) ?? (asked == nil ? ManagedFields(old?[path]) : nil)
        var fields = before ?? ManagedFields()
        if managed == nil {
            fields.noteUpdate(from: old, to: new, by: writer, definition.schema, at: now.text)
        }
        new[path] = fields.entries.isEmpty ? nil : fields.encode()
    }

    private static let withoutSpec: Set<String> = ["apiVersion", "kind", "metadata", "status"]

    private func setGeneration(_ new: inout DocumentNode, _ old: DocumentNode?) {
        let path = ["metadata", "generation"]
        // Of the built-in kinds here, only custom ones and namespaces' like count generations.
        guard !definition.isBuiltin else { return new[path] = nil }
        guard let old else { return new[path] = .number(1) }
        let spec = { (object: DocumentNode) in object.members.filter { !Self.withoutSpec.contains($0.name) } }
        let last = old[path]?.integer ?? 1
        new[path] = .number(spec(new) == spec(old) ? last : last + 1)
    }
}
