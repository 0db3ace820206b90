/// Finds the changed fields behind a change of the domain, by the fields that its causes name, and numbers every set of
/// fields that it finds, from 0. A set is put together once, however many changes come from it.
struct FieldAttribution {
    /// By number, the places of the fields, in order.
    private(set) var groups: [[Int]] = []
    private let index: FieldIndex
    private let old: FieldTree?
    private let new: FieldTree?
    private var numbers: [[Int]: Int] = [:]
    /// What was found for a field of the old and of the new document; nil for one that did not change.
    private var found: [Bool: [String: Int?]] = [:]
    /// The group that is several others together.
    private var unions: [Set<Int>: Int] = [:]

    init(_ index: FieldIndex, _ old: FieldTree?, _ new: FieldTree?) {
        self.index = index
        self.old = old
        self.new = new
    }

    /// The number of the fields behind a change; nil where none is.
    mutating func group(of change: DomainChange) -> Int? {
        if let element = change.element { return group(ofWhole: element, isNew: change.kind == .added) }
        return group(of: change.newCause, isNew: true) ?? group(of: change.oldCause, isNew: false)
    }

    /// An element that came or went is the work of all the fields that made its parts: a disk's, and its volume's.
    private mutating func group(ofWhole element: ExplainedElement, isNew: Bool) -> Int? {
        var parts: Set<Int> = []
        var rest = [element]
        while let part = rest.popLast() {
            for cause in part.attributes.map(\.cause) + [part.cause] {
                if let number = group(of: cause, isNew: isNew) { parts.insert(number) }
            }
            rest += part.children
        }
        guard parts.count > 1 else { return parts.first }
        if let number = unions[parts] { return number }
        let number = number(of: Set(parts.flatMap { groups[$0] }).sorted())
        unions[parts] = number
        return number
    }

    private mutating func group(of cause: ResolvedCause?, isNew: Bool) -> Int? {
        guard let field = cause?.field, let tree = isNew ? new : old else { return nil }
        if let number = found[isNew]?[field] { return number }
        let places = index.places(near: tree.canonicalSteps(of: field))
        let number = places.isEmpty ? nil : number(of: places)
        found[isNew, default: [:]][field] = .some(number)
        return number
    }

    private mutating func number(of places: [Int]) -> Int {
        if let number = numbers[places] { return number }
        numbers[places] = groups.count
        groups.append(places)
        return groups.count - 1
    }
}
