package import KubernetesModel

/// What an API server says of a VMI that somebody sends: KubeVirt's webhook, as a function.
package enum InstanceReview {
    /// The VMI as the agent would read it, and every error and warning of it. Unknown fields must be gone before.
    package static func review(_ document: DocumentNode, namespace: String) -> (
        instance: VirtualMachineInstance?, issues: [FieldIssue]
    ) {
        var context = DecodingContext()
        guard let instance = VirtualMachineInstance.decode(document, &context) else { return (nil, context.issues) }
        var draft = InstanceDraft(instance: instance, document: document, issues: context.issues)
        let issues = draft.complete(namespace: namespace)
        return (draft.instance, issues)
    }
}
