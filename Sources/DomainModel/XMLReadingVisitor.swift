/// Fills the parts that it visits from an element. What a part takes is removed from the element; what is left in the
/// end is the part's rest.
struct XMLReadingVisitor: XMLVisitor {
    static var isReading: Bool { true }

    private var element: XMLElement
    /// What was left of children that the part has taken values of.
    private var groups: [XMLRest.Group] = []
    private var isUntouched = true
    /// The path of what keeps the element from being one that the part can hold.
    private(set) var problem: String?

    init(_ element: XMLElement) { self.element = element }

    /// Reads the element as a part; nil where it is none.
    static func read<Part: XMLPart>(_ element: XMLElement, as type: Part.Type = Part.self) -> Part? {
        var visitor = XMLReadingVisitor(element)
        let part: Part = visitor.readPart()
        return visitor.problem == nil ? part : nil
    }

    /// Reads the element as a part, whose properties keep their defaults where `problem` says that it is none.
    mutating func readPart<Part: XMLPart>() -> Part {
        var part = Part()
        part.visit(&self)
        part.rest = leftovers(orEmpty: false)
        return part
    }

    /// What is left; where nothing is, an empty rest that says that the element was there, or nil.
    private func leftovers(orEmpty: Bool) -> XMLRest? {
        let text = element.text.isXMLSpace ? "" : element.text
        let isNothing = element.attributes.isEmpty && element.children.isEmpty && text.isEmpty && groups.isEmpty
        guard !isNothing || orEmpty else { return nil }
        return XMLRest(
            attributes: element.attributes, children: element.children, text: text, groups: groups,
            isUntouched: isUntouched)
    }

    mutating func attribute<Value: XMLValue>(_ name: StaticString, _ value: inout Value?) {
        let key = name.description
        value = element.attributes[key].flatMap { Value(xml: $0) }
        guard value != nil else { return }
        element.attributes[key] = nil
        isUntouched = false
    }

    mutating func attribute<Value: XMLValue>(_ name: StaticString, _ value: inout Value) {
        var optional: Value?
        attribute(name, &optional)
        if let optional { value = optional } else { fail(name) }
    }

    mutating func text<Value: XMLValue>(_ value: inout Value?) {
        value = element.text.isEmpty ? nil : Value(xml: element.text)
        guard value != nil else { return }
        element.text = ""
        isUntouched = false
    }

    func peek(_ name: StaticString) -> String? { element.attributes[name.description] }

    var keepsRest: Bool { true }

    func peek(_ name: StaticString, in child: StaticString) -> String? {
        index(of: child).flatMap { element.children[$0].attributes[name.description] }
    }

    func peekText() -> String { element.text }

    func has(_ name: StaticString) -> Bool { index(of: name) != nil }

    func hasEmpty(_ name: StaticString) -> Bool { index(of: name).map { element.children[$0].isEmpty } ?? false }

    mutating func fail(_ problem: StaticString) {
        if self.problem == nil { self.problem = problem.description }
    }

    private mutating func passOn(_ problem: String?, of child: String) {
        if self.problem == nil { self.problem = problem.map { "\(child)/\($0)" } }
    }

    private func index(of name: StaticString) -> Int? {
        let key = name.description
        return element.children.firstIndex { $0.name == key }
    }
}

// MARK: - Children

extension XMLReadingVisitor {
    mutating func group(_ name: StaticString, _ content: (inout XMLReadingVisitor) -> Void) {
        guard let index = index(of: name) else { return readAbsent(content) }
        take(index, content)
    }

    mutating func choice(_ name: StaticString, _ content: (inout XMLReadingVisitor) -> Void) {
        group(name, content)
    }

    mutating func child(
        _ name: StaticString, isPresent: inout Bool, _ content: (inout XMLReadingVisitor) -> Void
    ) {
        guard let index = index(of: name) else {
            isPresent = false
            return readAbsent(content)
        }
        isPresent = true
        take(index, isSaid: true, content)
    }

    /// Takes the values out of a child. `isSaid` where the part says by itself that the child is there.
    private mutating func take(_ index: Int, isSaid: Bool = false, _ content: (inout XMLReadingVisitor) -> Void) {
        let child = element.children.remove(at: index)
        var visitor = XMLReadingVisitor(child)
        content(&visitor)
        if isSaid || !visitor.isUntouched { isUntouched = false }
        passOn(visitor.problem, of: child.name)
        if let rest = visitor.leftovers(orEmpty: !isSaid && visitor.isUntouched) {
            groups.append(XMLRest.Group(name: child.name, rest: rest))
        }
    }

    /// Gives properties whose element is absent the values of an empty one.
    private mutating func readAbsent(_ content: (inout XMLReadingVisitor) -> Void) {
        var visitor = XMLReadingVisitor(XMLElement(""))
        content(&visitor)
        if problem == nil { problem = visitor.problem }
    }

    mutating func element<Part: XMLPart>(_ name: StaticString, _ part: inout Part?) {
        let key = name.description
        for (index, child) in element.children.enumerated() where child.name == key {
            guard let read = XMLReadingVisitor.read(child, as: Part.self) else { continue }
            part = read
            element.children.remove(at: index)
            isUntouched = false
            return
        }
        part = nil
    }

    mutating func element<Part: XMLPart>(_ name: StaticString, _ part: inout Part) {
        guard let index = index(of: name) else {
            part = Part()
            return
        }
        let child = element.children.remove(at: index)
        isUntouched = false
        var visitor = XMLReadingVisitor(child)
        part = visitor.readPart()
        if part.rest == nil, visitor.isUntouched { part.rest = visitor.leftovers(orEmpty: true) }
        passOn(visitor.problem, of: child.name)
    }

    mutating func elements<Part: XMLPart>(_ name: StaticString, _ parts: inout [Part]) {
        let key = name.description
        parts = []
        guard element.children.contains(where: { $0.name == key }) else { return }
        element.children.removeAll { child in
            guard child.name == key, let part = XMLReadingVisitor.read(child, as: Part.self) else { return false }
            parts.append(part)
            return true
        }
        if !parts.isEmpty { isUntouched = false }
    }

    mutating func values<Value: XMLValue>(
        _ name: StaticString, _ attribute: StaticString, _ values: inout [Value]
    ) {
        let (key, attributeKey) = (name.description, attribute.description)
        values = []
        element.children.removeAll { child in
            guard child.name == key, child.attributes.count == 1, child.children.isEmpty,
                child.text.isXMLSpace,
                let value = child.attributes[attributeKey].flatMap({ Value(xml: $0) })
            else { return false }
            values.append(value)
            return true
        }
        if !values.isEmpty { isUntouched = false }
    }
}
