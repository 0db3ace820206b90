import FoundationEssentials
import KubernetesModel

/// Secrets and ConfigMaps.
struct ConfigDataAdmission: ObjectAdmission {
    let isSecret: Bool

    func admit(_ change: inout AdmissionChange) throws(APIStatus) {
        if isSecret { completeSecret(&change) }
        for field in ["data", "binaryData"] {
            for member in change.new[field]?.members ?? [] {
                if !Self.isKey(member.name) {
                    change.refuse(
                        "\(field)[\(member.name.cut(to: 60))]",
                        "is no key: write up to 253 letters, digits, -, _ and .")
                }
                let isEncoded = isSecret || field == "binaryData"
                if isEncoded, let text = member.value.text, Base64.decode(text) == nil {
                    change.refuse("\(field)[\(member.name)]", "is not base64: encode it anew (base64 -w0)")
                }
            }
        }
        checkImmutable(&change)
    }

    private func completeSecret(_ change: inout AdmissionChange) {
        for member in change.new["stringData"]?.members ?? [] {
            guard let text = member.value.text else { continue }
            let encoded = Data(text.utf8).base64EncodedString()
            change.new[["data", member.name]] = .string(encoded)
        }
        change.new.setMember("stringData", nil)
        if change.new["type"]?.text?.isEmpty ?? true { change.new.setMember("type", .string("Opaque")) }
        if let old = change.old, old["type"] != change.new["type"] {
            change.refuse("type", "field is immutable")
        }
    }

    private func checkImmutable(_ change: inout AdmissionChange) {
        guard let old = change.old, old["immutable"]?.isTrue == true else { return }
        if change.new["immutable"]?.isTrue != true {
            change.refuse("immutable", "field is immutable when `immutable` is set", reason: "FieldValueForbidden")
        }
        for field in ["data", "binaryData"] where change.changes(field) {
            change.refuse(field, "field is immutable when `immutable` is set", reason: "FieldValueForbidden")
        }
    }

    private static func isKey(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253, text != ".", text != ".." else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0))
        }
    }
}

/// Namespaces: a phase, a label with the name, and the finalizer that holds them until they are empty.
struct NamespaceAdmission: ObjectAdmission {
    static let finalizer = "kubernetes"
    /// Those that the server itself needs.
    static let permanent = ["default", "kube-system", "kube-node-lease"]

    func admit(_ change: inout AdmissionChange) throws(APIStatus) {
        let name = change.new.objectName
        change.new[["metadata", "labels", "kubernetes.io/metadata.name"]] = .string(name)
        if let old = change.old {
            change.new.setMember("spec", old["spec"])
            return
        }
        change.new[["spec", "finalizers"]] = .array([.string(Self.finalizer)])
        change.new[["status", "phase"]] = .string("Active")
    }
}

/// Events: each in the namespace of the object that it is about.
struct EventAdmission: ObjectAdmission {
    func admit(_ change: inout AdmissionChange) throws(APIStatus) {
        let about = change.new[["involvedObject", "namespace"]]?.text ?? ""
        let own = change.new.objectNamespace ?? ""
        // Events of objects without a namespace stand in the default one.
        guard !about.isEmpty || own != "default", about != own else { return }
        change.refuse("involvedObject.namespace", "does not match event.namespace")
    }
}
