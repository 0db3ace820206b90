import KubernetesModel

/// What is wrong with a spec, collected while its fields are walked.
struct ValidationReport {
    /// One step of a path; paths are put together only where something is wrong, which is seldom.
    private enum Step {
        case field(String)
        case element(Int)
    }

    private(set) var issues: [FieldIssue] = []
    private var steps: [Step] = []

    /// The field that the walk stands at, such as `spec.domain.devices.disks[1]`.
    var path: String {
        steps.reduce(into: "") { path, step in
            switch step {
            case .field(let name): path += path.isEmpty ? name : ".\(name)"
            case .element(let index): path += "[\(index)]"
            }
        }
    }

    /// An error at the field here.
    mutating func error(_ message: String) { issues.append(.error(path, message)) }

    /// An error at `field`, a name or a path below the field here.
    mutating func error(_ field: String, _ message: String) { issues.append(.error("\(path).\(field)", message)) }

    /// A warning at `field`, a name or a path below the field here.
    mutating func warn(_ field: String, _ message: String) { issues.append(.warning("\(path).\(field)", message)) }

    /// Runs `body` one field deeper.
    mutating func within(_ name: String, _ body: (inout ValidationReport) -> Void) {
        steps.append(.field(name))
        body(&self)
        steps.removeLast()
    }

    /// Runs `body` at each element of a list.
    mutating func each<Element>(
        _ name: String, in elements: [Element], _ body: (Element, inout ValidationReport) -> Void
    ) {
        for index in elements.indices {
            steps.append(.field(name))
            steps.append(.element(index))
            body(elements[index], &self)
            steps.removeLast(2)
        }
    }
}

extension ValidationReport {
    /// At most one of the fields of a choice is set: an error that names those that are.
    mutating func exclude(_ choices: [(String, Bool)], remedy: String = "keep one") {
        let set = choices.filter(\.1).map(\.0)
        guard set.count > 1 else { return }
        error("\(set.formattedList) exclude each other: \(remedy)")
    }
}

extension [String] {
    /// `a`, `a and b`, or `a, b and c`.
    var formattedList: String { formattedList("and") }

    func formattedList(_ conjunction: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) \(conjunction) \(last)"
    }
}
