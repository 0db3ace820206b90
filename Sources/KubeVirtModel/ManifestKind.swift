import KubernetesModel

/// A kind of object that manifests are read for.
enum ManifestKind: Equatable {
    case instance
    /// An owner of VMIs, and where its template stands.
    case owner(template: String)
    case config(ConfigObject.Kind)
    /// A list of anything, or of objects of one kind, which then need not name it.
    case list(of: String?)

    /// The kind of that name, and the API versions that it has; nil where nothing here reads such objects.
    static func named(_ name: String) -> (kind: ManifestKind, versions: [String])? {
        let kubevirt = ["kubevirt.io/v1", "kubevirt.io/v1alpha3"]
        let pool = ["pool.kubevirt.io/v1beta1", "pool.kubevirt.io/v1alpha1", "pool.kubevirt.io/v1"]
        switch name {
        case "VirtualMachineInstance": return (.instance, kubevirt)
        case "VirtualMachine", "VirtualMachineInstanceReplicaSet": return (.owner(template: "spec.template"), kubevirt)
        case "VirtualMachinePool": return (.owner(template: "spec.virtualMachineTemplate.spec.template"), pool)
        case "Secret": return (.config(.secret), ["v1"])
        case "ConfigMap": return (.config(.configMap), ["v1"])
        case "List": return (.list(of: nil), ["v1"])
        default:
            let element = String(name.dropLast("List".count))
            guard name.hasSuffix("List"), !element.hasSuffix("List"), let (_, versions) = named(element) else {
                return nil
            }
            return (.list(of: element), versions)
        }
    }
}
