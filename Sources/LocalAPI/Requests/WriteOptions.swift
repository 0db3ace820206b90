import KubernetesModel

/// What a request says about how it wants to be written.
struct WriteOptions: Sendable {
    enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    var isDryRun = false
    var validation = FieldValidation.warn
    var manager: String
    var operation = ManagedFields.Operation.update

    init(_ request: APIRequest) throws(APIStatus) {
        manager = request.fieldManager
        for value in request.query where value.name == "dryRun" {
            guard value.value == "All" else { throw .badRequest("dryRun: write All, or leave it out") }
            isDryRun = true
        }
        guard let text = request["fieldValidation"], !text.isEmpty else { return }
        guard let validation = FieldValidation(rawValue: text) else {
            throw .badRequest("fieldValidation: write Ignore, Warn or Strict")
        }
        self.validation = validation
    }
}
