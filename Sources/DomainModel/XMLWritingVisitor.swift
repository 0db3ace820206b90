/// Writes the parts that it visits, each element on a line of its own, indented by two spaces a level.
struct XMLWritingVisitor: XMLVisitor {
    static var isReading: Bool { false }

    /// What has been written of the element at hand.
    private enum Progress {
        case startTag, text, children
    }

    private(set) var output: XMLOutput
    private var progress = Progress.children
    private var depth = 0
    /// What the element at hand says beyond its part's properties; written after them.
    private var rest: XMLRest?
    /// Whether the attributes of `rest` are still to be written.
    private var owesAttributes = false
    /// The attributes that the part has written itself, kept only where `rest` might have them too.
    private var written: [String] = []
    /// The groups of `rest` that the part has named.
    private var visited: [String] = []

    /// SAFETY: as for `XMLOutput`.
    init(_ base: UnsafeMutablePointer<UInt8>, count: Int) { output = XMLOutput(base, count: count) }

    @inline(__always)
    mutating func attribute<Value: XMLValue>(_ name: StaticString, _ value: inout Value?) {
        if let value { write(name, value) }
    }

    @inline(__always)
    mutating func attribute<Value: XMLValue>(_ name: StaticString, _ value: inout Value) { write(name, value) }

    /// Inlined, so that the name is a constant where it is copied.
    @inline(__always)
    private mutating func write(_ name: StaticString, _ value: some XMLValue) {
        if owesAttributes { written.append(name.description) }
        output.openAttribute(name)
        value.write(to: &output)
        output.closeAttribute()
    }

    mutating func text<Value: XMLValue>(_ value: inout Value?) {
        if let value { write(text: value) }
    }

    private mutating func write(text: some XMLValue) {
        payAttributes()
        output.append(byte: UInt8(ascii: ">"))
        text.write(to: &output)
        progress = .text
    }

    func peek(_ name: StaticString) -> String? { rest?.attributes[name.description] }

    func peek(_ name: StaticString, in child: StaticString) -> String? { nil }

    func peekText() -> String { "" }

    func has(_ name: StaticString) -> Bool { false }

    func hasEmpty(_ name: StaticString) -> Bool { false }

    mutating func fail(_ problem: StaticString) {}
}

// MARK: - Children

extension XMLWritingVisitor {
    var keepsRest: Bool { rest != nil }

    mutating func group(_ name: StaticString, _ content: (inout XMLWritingVisitor) -> Void) {
        let inner = visit(name)
        write(name, isKept: false) { visitor in
            visitor.begin(inner)
            content(&visitor)
        }
    }

    /// What is left of the child of that name, which the part is about to write.
    @inline(__always)
    private mutating func visit(_ name: StaticString) -> XMLRest? {
        guard let rest else { return nil }
        visited.append(name.description)
        return rest.group(name)
    }

    mutating func choice(_ name: StaticString, _ content: (inout XMLWritingVisitor) -> Void) {
        guard let inner = visit(name), inner.isUntouched else { return group(name, content) }
        payAttributes()
        payText()
        let start = output.position
        write(name, isKept: false, content)
        if output.position == start { write(name, isKept: true) { $0.begin(inner) } }
    }

    mutating func child(
        _ name: StaticString, isPresent: inout Bool, _ content: (inout XMLWritingVisitor) -> Void
    ) {
        let inner = visit(name)
        guard isPresent else { return }
        write(name, isKept: true) { visitor in
            visitor.begin(inner)
            content(&visitor)
        }
    }

    mutating func element<Part: XMLPart>(_ name: StaticString, _ part: inout Part?) {
        if part != nil { write(name, isKept: true) { part?.write(to: &$0) } }
    }

    mutating func element<Part: XMLPart>(_ name: StaticString, _ part: inout Part) {
        write(name, isKept: false) { part.write(to: &$0) }
    }

    mutating func elements<Part: XMLPart>(_ name: StaticString, _ parts: inout [Part]) {
        parts.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            for index in 0..<buffer.count { write(name, lent: first + index) }
        }
    }

    mutating func values<Value: XMLValue>(
        _ name: StaticString, _ attribute: StaticString, _ values: inout [Value]
    ) {
        for value in values { write(name, isKept: true) { $0.write(attribute, value) } }
    }

    /// Writes a part where it lies: `visit` takes it `inout` only because reading fills it, and to copy every part
    /// first would add a third to the time.
    ///
    /// SAFETY: nothing is stored through the mutable pointer. This visitor stores nothing through what it is given, and
    /// a part assigns to itself only while `isReading`; the tests write parts that lie in read-only memory.
    private mutating func write<Part: XMLPart>(_ name: StaticString, lent part: UnsafePointer<Part>) {
        let part = UnsafeMutablePointer(mutating: part)
        write(name, isKept: true) { part.pointee.write(to: &$0) }
    }

    /// Writes a part as the root of a document.
    mutating func writeRoot(_ name: StaticString, _ part: UnsafePointer<some XMLPart>) { write(name, lent: part) }

    /// What is left of the element at hand; said before anything is written into it.
    fileprivate mutating func begin(_ rest: XMLRest?) {
        if rest != nil {
            self.rest = rest
            owesAttributes = true
        }
    }

    /// Writes a child and what is left of it; takes it back where nothing is in it, unless `isKept`.
    private mutating func write(
        _ name: StaticString, isKept: Bool, _ content: (inout XMLWritingVisitor) -> Void
    ) {
        guard rest != nil else { return writeChild(name, isKept: isKept, content) }
        payAttributes()
        payText()
        let (outer, outerVisited) = (rest.take(), visited)
        visited = []
        writeChild(name, isKept: isKept, content)
        (rest, visited) = (outer, outerVisited)
    }

    /// As `write`, in an element of which nothing is left.
    @inline(__always)
    private mutating func writeChild(
        _ name: StaticString, isKept: Bool, _ content: (inout XMLWritingVisitor) -> Void
    ) {
        let (start, before) = (output.position, progress)
        closeStartTag()
        output.openElement(name, depth: depth)
        progress = .startTag
        depth += 1
        let opened = output.position
        content(&self)
        depth -= 1
        if rest != nil {
            payRest()
            rest = nil
        } else if output.position == opened, !isKept {
            (output.position, progress) = (start, before)
            return
        }
        writeEndTag(name)
    }
}

extension XMLPart {
    fileprivate mutating func write(to visitor: inout XMLWritingVisitor) {
        visitor.begin(rest)
        visit(&visitor)
    }
}

// MARK: - Layout and leftovers

extension XMLWritingVisitor {
    /// Writes the attributes of `rest` that the part has none of its own for.
    @inline(__always)
    private mutating func payAttributes() {
        if owesAttributes { writeOwedAttributes() }
    }

    private mutating func writeOwedAttributes() {
        owesAttributes = false
        for attribute in rest?.attributes ?? XMLAttributes() where !written.contains(attribute.name) {
            write(attribute)
        }
        written = []
    }

    private mutating func write(_ attribute: XMLAttribute) {
        output.append(byte: UInt8(ascii: " "))
        output.append(word: attribute.name)
        output.append("=\"")
        output.isQuoted = true
        output.escape(attribute.value)
        output.closeAttribute()
    }

    /// Writes the text of `rest`, if the part has written no text of its own, nor a child.
    private mutating func payText() {
        if progress == .startTag, let text = rest?.text, !text.isEmpty { write(text: text) }
    }

    private mutating func payRest() {
        payAttributes()
        payText()
        guard let rest else { return }
        depth += 1
        for group in rest.groups where !visited.contains(group.name) { write(XMLElement(group)) }
        for child in rest.children { write(child) }
        depth -= 1
    }

    /// Writes an element as it was read.
    mutating func write(_ element: XMLElement) {
        closeStartTag()
        output.append(indentation: depth)
        output.append(byte: UInt8(ascii: "<"))
        output.append(word: element.name)
        progress = .startTag
        for attribute in element.attributes { write(attribute) }
        if !element.text.isEmpty { write(text: element.text) }
        depth += 1
        for child in element.children { write(child) }
        depth -= 1
        writeEndTag(element.name)
    }

    @inline(__always)
    private mutating func closeStartTag() {
        switch progress {
        case .startTag: output.append(">\n")
        case .text: output.append("\n")
        case .children: break
        }
    }

    @inline(__always)
    private mutating func writeEndTag(_ name: StaticString) {
        if progress == .startTag {
            output.append("/>\n")
        } else {
            output.closeElement(name, depth: progress == .children ? depth : 0)
        }
        progress = .children
    }

    private mutating func writeEndTag(_ name: String) {
        if progress == .startTag {
            output.append("/>\n")
        } else {
            if progress == .children { output.append(indentation: depth) }
            output.append("</")
            output.append(word: name)
            output.append(">\n")
        }
        progress = .children
    }
}
