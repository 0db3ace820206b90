import ArgumentParser
import DomainPlan
import KubernetesModel

/// Prints what `explain` found: VMI after VMI as text, or all of them as one JSON array at the end.
struct ExplainPrinter {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    private let format: Format
    private var documents: [DocumentNode] = []
    private var isFirst = true

    init(format: Format) { self.format = format }

    mutating func add(_ explanation: Explanation, of instance: String, isOnly: Bool) {
        switch format {
        case .table: add(explanation.text, of: instance, isOnly: isOnly)
        case .json:
            documents += explanation.facts(of: instance)
            for warning in explanation.warnings {
                Standard.error("\(instance): \(warning.field): \(warning.message)")
            }
        }
    }

    mutating func add(_ difference: DomainDiff, of instance: String, isOnly: Bool) {
        switch format {
        case .table: add(difference.text, of: instance, isOnly: isOnly)
        case .json: documents.append(difference.document(of: instance))
        }
    }

    /// A VMI that only one of the two files has.
    mutating func addMissing(_ instance: String, isOld: Bool) {
        switch format {
        case .table:
            add("only in the \(isOld ? "old" : "new") file\n", of: instance, isOnly: false)
        case .json:
            documents.append(
                .object([
                    DocumentMember("vmi", .string(instance)),
                    DocumentMember("result", .string(isOld ? "removed" : "added")),
                ]))
        }
    }

    /// Prints what waits for the end.
    func finish() {
        if format == .json { Standard.output(DocumentWriter.json(.array(documents)) + "\n") }
    }

    /// Where there are several VMIs, each has its name above it.
    private mutating func add(_ text: String, of instance: String, isOnly: Bool) {
        let heading = isOnly ? "" : "\(isFirst ? "" : "\n")\(instance)\n"
        Standard.output(heading + text)
        isFirst = false
    }
}
