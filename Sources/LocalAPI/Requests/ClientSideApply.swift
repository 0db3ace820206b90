import KubernetesModel

/// What kubectl's client-side apply leaves in an object, for whoever changes over to server-side apply: as in
/// kube-apiserver, that takes no force, and the way back stays open.
enum ClientSideApply {
    private static let annotation = ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"]

    /// Whether all of a conflict is about fields that client-side apply set, and nobody has changed since.
    static func covers(
        _ conflict: ApplyConflict, _ live: DocumentNode, _ writer: ManagedFields.Writer, _ schema: StructuralSchema
    ) -> Bool {
        guard writer.manager == "kubectl", let text = live[annotation]?.text,
            let applied = try? DocumentReader().read(text).first
        else { return false }
        let change = FieldSet.changes(from: applied.canonical, to: live, schema)
        let kept = ServerSideApply.fields(of: applied, schema).subtracting(change.set).subtracting(change.removed)
        return conflict.fields.allSatisfy(Set(kept.paths).contains(path:))
    }

    /// The object with the annotation as it would be after a client-side apply, where it has one.
    static func refreshed(
        _ object: DocumentNode, _ live: DocumentNode, _ config: DocumentNode, _ writer: ManagedFields.Writer
    ) -> DocumentNode {
        guard writer.manager == "kubectl", live[annotation] != nil else { return object }
        var object = object
        object[annotation] = .string(DocumentWriter.json(config.canonical, indent: nil) + "\n")
        return object
    }
}

extension Set<String> {
    fileprivate func contains(path field: ApplyConflict.Field) -> Bool { contains(field.path) }
}
