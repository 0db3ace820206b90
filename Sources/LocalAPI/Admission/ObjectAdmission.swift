import KubernetesModel

/// A write that is about to happen, for whoever judges and completes it.
struct AdmissionChange: Sendable {
    /// Nil for an object that is new.
    let old: DocumentNode?
    var new: DocumentNode
    let caller: APICaller
    let definition: ResourceDefinition
    var causes: [APIStatus.Cause] = []
    var warnings: [String] = []

    mutating func refuse(_ field: String, _ message: String, reason: String = "FieldValueInvalid") {
        causes.append(APIStatus.Cause(reason, field: field, message))
    }

    /// Whether a part of the object changes.
    func changes(_ member: String) -> Bool { old?[member] != new[member] }
}

/// What a kind demands of its objects beyond their schema.
protocol ObjectAdmission: Sendable {
    func admit(_ change: inout AdmissionChange) throws(APIStatus)
}

/// For kinds that demand nothing.
struct NoAdmission: ObjectAdmission {
    func admit(_ change: inout AdmissionChange) {}
}
