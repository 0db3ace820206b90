/// What visits the parts of a domain: one visitor writes what it finds in them, another fills them from a document.
///
/// A part names its attributes first, then its text, then its children, each once. Reading assigns every property:
/// what the document does not have becomes nil, false or empty.
package protocol XMLVisitor {
    static var isReading: Bool { get }

    /// An attribute of the element at hand; nil where there is none, or none that can be read.
    mutating func attribute<Value: XMLValue>(_ name: StaticString, _ value: inout Value?)
    /// An attribute that the part cannot be without: an element whose attribute is missing or unreadable is not read
    /// as this part, but survives as it is.
    mutating func attribute<Value: XMLValue>(_ name: StaticString, _ value: inout Value)
    /// The text of the element at hand; nil where it is empty, or cannot be read.
    mutating func text<Value: XMLValue>(_ value: inout Value?)
    /// A child whose values are properties of this part. It is written where any of them is set.
    mutating func group(_ name: StaticString, _ content: (inout Self) -> Void)
    /// As `group`, for a child that is either read or left alone: what was left alone goes when a value is set.
    mutating func choice(_ name: StaticString, _ content: (inout Self) -> Void)
    /// A child that says something by being there; its values are properties of this part.
    mutating func child(_ name: StaticString, isPresent: inout Bool, _ content: (inout Self) -> Void)
    /// A child that is a part of its own; further ones of that name survive.
    mutating func element<Part: XMLPart>(_ name: StaticString, _ part: inout Part?)
    /// A child that is a part of its own, and that is left out where nothing is set in it.
    mutating func element<Part: XMLPart>(_ name: StaticString, _ part: inout Part)
    mutating func elements<Part: XMLPart>(_ name: StaticString, _ parts: inout [Part])
    /// Children of which each has a single value, in an attribute.
    mutating func values<Value: XMLValue>(
        _ name: StaticString, _ attribute: StaticString, _ values: inout [Value])
    /// An attribute of the element at hand that no property has taken; when writing, one that the rest keeps.
    func peek(_ name: StaticString) -> String?
    /// As `peek`, for an attribute of a child; nil when writing.
    func peek(_ name: StaticString, in child: StaticString) -> String?
    /// The text of the element at hand that no property has taken; empty when writing.
    func peekText() -> String
    /// Whether the element at hand has such a child that was not read yet; false when writing.
    func has(_ name: StaticString) -> Bool
    /// Whether that child says nothing but that it is there; false when writing.
    func hasEmpty(_ name: StaticString) -> Bool
    /// Whether something may have to be written, or read, that no property says.
    var keepsRest: Bool { get }
    /// The element at hand is none that this part can hold, for what `problem` names: it survives as it is.
    mutating func fail(_ problem: StaticString)
}

/// A part of a domain: a value type that says once, for both directions, how it stands in the document.
package protocol XMLPart: Sendable, Equatable {
    init()
    /// What the document says beyond the properties; written again as it was.
    var rest: XMLRest? { get set }
    /// Names everything to the visitor. The part assigns to itself only while `visitor.isReading`: parts are written
    /// where they lie, and others may be reading them.
    mutating func visit(_ visitor: inout some XMLVisitor)
}

extension XMLVisitor {
    var isReading: Bool { Self.isReading }

    /// An attribute whose empty string means that it is not there.
    @inline(__always)
    mutating func attribute(_ name: StaticString, _ value: inout String) {
        guard isReading else {
            if !value.isEmpty { whole(name, &value) }
            return
        }
        var optional: NonEmpty?
        attribute(name, &optional)
        value = optional?.text ?? ""
    }

    /// Any value, a string as well: the overload for strings leaves empty ones out.
    @inline(__always)
    private mutating func whole<Value: XMLValue>(_ name: StaticString, _ value: inout Value) { attribute(name, &value) }

    /// A string that the part cannot be without.
    @inline(__always)
    mutating func attribute(_ name: StaticString, required value: inout String) {
        whole(name, &value)
    }

    /// A text whose empty string means that it is not there.
    mutating func text(_ value: inout String) {
        var optional: NonEmpty? = Self.isReading ? nil : NonEmpty(xml: value)
        text(&optional)
        if Self.isReading { value = optional?.text ?? "" }
    }

    @inline(__always)
    mutating func attribute(_ name: StaticString, yesNo value: inout Bool?) {
        var word = value.map(YesNo.init)
        attribute(name, &word)
        if Self.isReading { value = word.map { $0 == .yes } }
    }

    @inline(__always)
    mutating func attribute(_ name: StaticString, onOff value: inout Bool?) {
        var word = value.map(OnOff.init)
        attribute(name, &word)
        if Self.isReading { value = word.map { $0 == .on } }
    }

    @inline(__always)
    mutating func attribute(_ name: StaticString, yesNo value: inout Bool) {
        var word = YesNo(value)
        attribute(name, &word)
        if Self.isReading { value = word == .yes }
    }

    @inline(__always)
    mutating func attribute(_ name: StaticString, onOff value: inout Bool) {
        var word = OnOff(value)
        attribute(name, &word)
        if Self.isReading { value = word == .on }
    }

    /// An attribute that has that word, or is none of ours.
    @inline(__always)
    mutating func attribute(_ name: StaticString, is word: StaticString, _ value: inout Bool) {
        if Self.isReading {
            value = peek(name).map { $0 == word.description } ?? false
            if value { consume(name) }
        } else if value {
            var text: FixedWord? = FixedWord(word)
            attribute(name, &text)
        }
    }

    /// An attribute that always has that word; an element with another is none of this part's.
    @inline(__always)
    mutating func constant(_ name: StaticString, _ word: StaticString) {
        var isThere = true
        attribute(name, is: word, &isThere)
        if !isThere { fail(name) }
    }

    private mutating func consume(_ name: StaticString) {
        var text: String?
        attribute(name, &text)
    }

    /// `<child name="value"/>`.
    mutating func attribute<Value: XMLValue>(_ name: StaticString, in child: StaticString, _ value: inout Value?) {
        if value != nil || keepsRest { group(child) { $0.attribute(name, &value) } }
    }

    mutating func attribute(_ name: StaticString, in child: StaticString, _ value: inout String) {
        if !value.isEmpty || keepsRest { group(child) { $0.attribute(name, &value) } }
    }

    mutating func attribute(_ name: StaticString, in child: StaticString, onOff value: inout Bool?) {
        if value != nil || keepsRest { group(child) { $0.attribute(name, onOff: &value) } }
    }

    /// `<child>value</child>`.
    mutating func text<Value: XMLValue>(in child: StaticString, _ value: inout Value?) {
        if value != nil || keepsRest { group(child) { $0.text(&value) } }
    }

    mutating func text(in child: StaticString, _ value: inout String) {
        if !value.isEmpty || keepsRest { group(child) { $0.text(&value) } }
    }

    /// `<child>text</child>`, there even with an empty text.
    mutating func text(in name: StaticString, _ value: inout String?) {
        var isPresent = value != nil
        var content = value ?? ""
        child(name, isPresent: &isPresent) { $0.text(&content) }
        if Self.isReading { value = isPresent ? content : nil }
    }

    /// `<child/>`.
    mutating func flag(_ name: StaticString, _ isPresent: inout Bool) {
        child(name, isPresent: &isPresent) { _ in }
    }

    /// `<alias name="…"/>`.
    mutating func alias(_ alias: inout String) { attribute("name", in: "alias", &alias) }
    mutating func alias(_ alias: inout String?) { attribute("name", in: "alias", &alias) }

    /// `<boot order="…"/>`.
    mutating func boot(order: inout UInt32?) { attribute("order", in: "boot", &order) }

    /// `<driver iommu="…"/>`.
    mutating func driver(iommu: inout Bool?) { attribute("iommu", in: "driver", onOff: &iommu) }

    /// `<source mode="bind" path="…"/>`: a Unix socket that QEMU listens on.
    mutating func boundSocket(_ path: inout String?) {
        guard path != nil || keepsRest else { return }
        group("source") { source in
            var binds = path != nil
            if Self.isReading, source.peek("path") == nil || source.peek("mode") != "bind" {
                path = nil
                return
            }
            source.attribute("mode", is: "bind", &binds)
            source.attribute("path", &path)
        }
    }
}
