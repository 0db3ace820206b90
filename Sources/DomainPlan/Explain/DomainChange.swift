/// What a change of a domain takes, from the least to the most.
package enum ChangeClass: String, Sendable, Comparable, CaseIterable {
    /// It can be done on the running domain.
    case live
    /// It comes into force on the target of a live migration.
    case migration
    /// It comes into force when the domain is started anew.
    case restart
    /// It would be another VM.
    case recreate

    package static func < (left: ChangeClass, right: ChangeClass) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .live: 0
        case .migration: 1
        case .restart: 2
        case .recreate: 3
        }
    }
}

/// One difference between two domains: an element that one of them lacks, an attribute, a text, or what lies behind one.
struct DomainChange: Sendable {
    enum Kind: String, Sendable {
        case added, removed, changed
        /// The document stays as it is; what it names becomes another.
        case hidden
    }

    var kind: Kind
    /// The element's path, in the newer domain where it is there.
    var path: String
    /// Nil for a whole element, and for a text.
    var attribute: String?
    var old: String?
    var new: String?
    /// The element names from below `<domain>` to here.
    var names: [String]
    var oldCause: ResolvedCause?
    var newCause: ResolvedCause?
    /// The element that came or went; nil where a part of one changed.
    var element: ExplainedElement?
    /// The device that it is a part of, before and after; nil outside `<devices>`.
    var oldDevice: ExplainedElement?
    var newDevice: ExplainedElement?

    /// The path, with the attribute.
    var place: String { attribute.map { "\(path)@\($0)" } ?? path }
}

/// Compares two domains element by element, each with the one that has its identity, in time that grows with their size.
struct DomainComparison {
    private(set) var changes: [DomainChange] = []
    /// The device that the walk is in.
    private var devices: (old: ExplainedElement?, new: ExplainedElement?) = (nil, nil)

    init(_ old: ExplainedElement, _ new: ExplainedElement) { compare(old, new, names: []) }

    private mutating func compare(_ old: ExplainedElement, _ new: ExplainedElement, names: [String]) {
        if names.count == 2, names[0] == "devices" { devices = (old, new) }
        if old.text != new.text {
            add(.changed, new.path, nil, old: (old.text, old.cause), new: (new.text, new.cause), names)
        }
        compareAttributes(old, new, names)
        compareChildren(old, new, names)
        if names.count == 2 { devices = (nil, nil) }
    }

    private mutating func compareAttributes(_ old: ExplainedElement, _ new: ExplainedElement, _ names: [String]) {
        let before = Dictionary(old.attributes.map { ($0.name, $0) }) { first, _ in first }
        let after = Dictionary(new.attributes.map { ($0.name, $0) }) { first, _ in first }
        for attribute in old.attributes where after[attribute.name]?.value != attribute.value {
            let next = after[attribute.name]
            add(
                .changed, new.path, attribute.name, old: (attribute.value, attribute.cause),
                new: next.map { ($0.value, $0.cause) } ?? (nil, new.cause), names)
        }
        for attribute in new.attributes where before[attribute.name] == nil {
            add(
                .changed, new.path, attribute.name, old: (nil, old.cause), new: (attribute.value, attribute.cause),
                names)
        }
    }

    private mutating func compareChildren(_ old: ExplainedElement, _ new: ExplainedElement, _ names: [String]) {
        let after = Dictionary(new.children.map { ($0.identity, $0) }) { first, _ in first }
        let known = Set(old.children.map(\.identity))
        for child in old.children {
            if let next = after[child.identity] {
                compare(child, next, names: names + [child.name])
            } else {
                add(.removed, child, names + [child.name])
            }
        }
        for child in new.children where !known.contains(child.identity) { add(.added, child, names + [child.name]) }
    }

    private mutating func add(_ kind: DomainChange.Kind, _ element: ExplainedElement, _ names: [String]) {
        let isDevice = names.count == 2 && names[0] == "devices"
        let isAdded = kind == .added
        let summary = element.summary
        changes.append(
            DomainChange(
                kind: kind, path: element.path, old: isAdded ? nil : summary, new: isAdded ? summary : nil,
                names: names,
                oldCause: isAdded ? nil : element.cause, newCause: isAdded ? element.cause : nil, element: element,
                oldDevice: isDevice && !isAdded ? element : devices.old,
                newDevice: isDevice && isAdded ? element : devices.new))
    }

    private mutating func add(
        _ kind: DomainChange.Kind, _ path: String, _ attribute: String?, old: (value: String?, cause: ResolvedCause),
        new: (value: String?, cause: ResolvedCause), _ names: [String]
    ) {
        changes.append(
            DomainChange(
                kind: kind, path: path, attribute: attribute, old: old.value, new: new.value, names: names,
                oldCause: old.cause, newCause: new.cause, oldDevice: devices.old, newDevice: devices.new))
    }
}

extension ExplainedElement {
    /// What the element itself says, in a few words.
    fileprivate var summary: String {
        let words = attributes.map { Self.word($0.name, $0.value) } + (text.isEmpty ? [] : [Self.quoted(text)])
        return words.joined(separator: " ")
    }
}
