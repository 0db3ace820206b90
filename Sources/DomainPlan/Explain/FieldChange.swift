import KubernetesModel

/// A field that two versions of a VMI have different values for.
struct FieldChange: Sendable, Equatable {
    /// The steps to the field, with the names of list elements for their numbers.
    var steps: [String]
    /// The field's path from the root of the newer document; from that of the older one where the field is gone.
    var path: String
    var old: FieldSide
    var new: FieldSide

    /// The change as one sentence.
    var text: String {
        let place = (new.line ?? old.line).map { " (line \($0)\(new == .absent ? " of the old file" : ""))" } ?? ""
        return switch (old, new) {
        case (.absent, .whole): "\(path): added\(place)"
        case (.whole, .absent): "\(path): removed\(place)"
        default: "\(path): \(old.words) -> \(new.words)\(place)"
        }
    }
}

/// What one version says in a field.
enum FieldSide: Sendable, Equatable {
    case absent
    case scalar(String, line: Int?)
    /// A list or an object.
    case whole(line: Int?)

    init(_ tree: FieldTree?) {
        guard let node = tree?.node else {
            self = .absent
            return
        }
        let line = node.position?.line
        self = node.brief.map { .scalar($0, line: line) } ?? .whole(line: line)
    }

    var line: Int? {
        switch self {
        case .absent: nil
        case .scalar(_, let line), .whole(let line): line
        }
    }

    var words: String {
        switch self {
        case .absent: "not set"
        case .scalar(let text, _): text
        case .whole: "(set)"
        }
    }
}

/// Compares what was written of two versions of a VMI: all of `spec`, labels and annotations. List elements that have
/// names are compared by name, wherever they stand.
struct FieldComparison {
    private(set) var changes: [FieldChange] = []
    private let old: WrittenFields
    private let new: WrittenFields

    init(_ old: WrittenFields, _ new: WrittenFields) {
        self.old = old
        self.new = new
        for fields in [["spec"], ["metadata", "labels"], ["metadata", "annotations"]] {
            let path = fields.joined(separator: ".")
            let nothing = FieldTree(.object([]))
            compare(
                old.instance[path] ?? nothing, new.instance[path] ?? nothing, steps: fields, paths: (path, path))
        }
    }

    private mutating func compare(
        _ left: FieldTree?, _ right: FieldTree?, steps: [String], paths: (old: String, new: String)
    ) {
        guard left?.node != right?.node else { return }
        guard let left, let right else {
            return add(left, right, steps: steps, paths: paths)
        }
        switch (left.node.value, right.node.value) {
        case (.object, .object): compareMembers(left, right, steps: steps, paths: paths)
        case (.array, .array): compareElements(left, right, steps: steps, paths: paths)
        default: add(left, right, steps: steps, paths: paths)
        }
    }

    private mutating func compareMembers(
        _ left: FieldTree, _ right: FieldTree, steps: [String], paths: (old: String, new: String)
    ) {
        let isMap = steps.first == "metadata"
        for name in left.memberNames + right.memberNames.filter({ left.member($0) == nil }) {
            let step = isMap ? "[\(name)]" : ".\(name)"
            compare(
                left.member(name), right.member(name), steps: steps + [name],
                paths: (paths.old + step, paths.new + step))
        }
    }

    private mutating func compareElements(
        _ left: FieldTree, _ right: FieldTree, steps: [String], paths: (old: String, new: String)
    ) {
        let (before, after) = (left.elementKeys, right.elementKeys)
        let places = Dictionary(zip(after, after.indices)) { first, _ in first }
        let known = Set(before)
        for (index, key) in before.enumerated() {
            let place = places[key]
            compare(
                left.elements[index], place.map { right.elements[$0] }, steps: steps + [key],
                paths: ("\(paths.old)[\(index)]", "\(paths.new)[\(place ?? index)]"))
        }
        for (index, key) in after.enumerated() where !known.contains(key) {
            let path = "\(paths.new)[\(index)]"
            compare(nil, right.elements[index], steps: steps + [key], paths: (path, path))
        }
    }

    private mutating func add(
        _ left: FieldTree?, _ right: FieldTree?, steps: [String], paths: (old: String, new: String)
    ) {
        let path = right == nil ? old.documentPath(of: paths.old) : new.documentPath(of: paths.new)
        changes.append(FieldChange(steps: steps, path: path, old: FieldSide(left), new: FieldSide(right)))
    }
}
