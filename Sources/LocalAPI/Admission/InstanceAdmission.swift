import FoundationEssentials
import KubeVirtModel
import KubernetesModel

/// VMIs, as KubeVirt's webhooks admit them.
struct InstanceAdmission: ObjectAdmission {
    static let finalizer = "kubevirt.io/foregroundDeleteVirtualMachine"
    static let nodeLabel = "kubevirt.io/nodeName"

    /// The only node that there is.
    let nodeName: String

    func admit(_ change: inout AdmissionChange) throws(APIStatus) {
        if !change.caller.isAgent {
            change.new.setMember("status", change.old?["status"])
            keepLabel(&change)
            keepFinalizer(&change)
        }
        if change.old == nil { complete(&change) }
        guard change.changes("spec") || hasNewAnnotations(change) else { return }
        if change.old != nil, change.changes("spec"), !change.caller.isAgent { checkMutable(&change) }
        review(&change)
    }

    private func hasNewAnnotations(_ change: AdmissionChange) -> Bool {
        let path = ["metadata", "annotations"]
        return !change.caller.isAgent && change.old?[path] != change.new[path]
    }

    /// What a VMI has from its beginning.
    private func complete(_ change: inout AdmissionChange) {
        let uuid = ["spec", "domain", "firmware", "uuid"]
        guard change.new[["spec", "domain"]]?.isObject == true else { return }
        if change.new[uuid]?.text?.isEmpty ?? true {
            change.new[uuid] = .string(UUID().uuidString.lowercased())
        }
    }

    /// The agent finds its VMIs by this label, and here they are all its own.
    private func keepLabel(_ change: inout AdmissionChange) {
        let path = ["metadata", "labels", Self.nodeLabel]
        let label = change.new[path]
        guard let kept = change.old?[path] else {
            return change.new[path] = .string(nodeName)
        }
        if let label, label != kept {
            change.refuse(
                "metadata.labels", "\(Self.nodeLabel) says where the VMI runs: leave it as it is",
                reason: "FieldValueNotSupported")
        }
        change.new[path] = kept
    }

    /// A VMI goes when its machine has; only one that is being deleted can be given up before.
    private func keepFinalizer(_ change: inout AdmissionChange) {
        guard change.old?.isBeingDeleted != true else { return }
        let path = ["metadata", "finalizers"]
        let finalizers = change.new[path]?.elements ?? []
        if finalizers.contains(.string(Self.finalizer)) { return }
        change.new[path] = .array(finalizers + [.string(Self.finalizer)])
    }

    private func checkMutable(_ change: inout AdmissionChange) {
        let phase = change.old?[["status", "phase"]]?.text ?? ""
        if ["", "Pending", "Scheduling", "Scheduled"].contains(phase) { return }
        let schema = change.definition.schema["spec"] ?? .anything
        let difference = FieldSet.changes(from: change.old?["spec"], to: change.new["spec"], schema)
        for path in difference.set.union(difference.removed).paths.prefix(20) {
            change.refuse("spec\(path)", "cannot change while the VMI is \(phase): delete it and create it anew")
        }
    }

    private func review(_ change: inout AdmissionChange) {
        let namespace = change.new.objectNamespace ?? "default"
        for issue in InstanceReview.review(change.new, namespace: namespace).issues {
            switch issue.severity {
            case .error: change.refuse(issue.path, issue.message)
            case .warning: change.warnings.append(issue.description)
            }
        }
    }
}

/// Migrations, as KubeVirt's webhooks admit them.
struct MigrationAdmission: ObjectAdmission {
    private static let finalizer = "kubevirt.io/migrationJobFinalize"

    func admit(_ change: inout AdmissionChange) throws(APIStatus) {
        let name = change.new[["spec", "vmiName"]]?.text ?? ""
        if name.isEmpty {
            change.refuse("spec.vmiName", "is missing: name the VMI to migrate", reason: "FieldValueRequired")
        }
        guard change.old == nil else {
            if change.changes("spec") { change.refuse("spec", "cannot change: create another migration") }
            return
        }
        change.new[["metadata", "labels", "kubevirt.io/vmi-name"]] = .string(name)
        let path = ["metadata", "finalizers"]
        let finalizers = change.new[path]?.elements ?? []
        if !finalizers.contains(.string(Self.finalizer)) {
            change.new[path] = .array(finalizers + [.string(Self.finalizer)])
        }
    }
}
