/// An element of a document, with all that it says: attributes in their order, children, text. Prefixes of namespaces
/// belong to the names. Comments are not kept.
package struct XMLElement: Sendable, Equatable {
    package var name: String
    package var attributes: XMLAttributes
    package var children: [XMLElement]
    /// All text, joined; without white space at its ends where there are children too.
    package var text: String

    package init(
        _ name: String, attributes: XMLAttributes = XMLAttributes(), children: [XMLElement] = [], text: String = ""
    ) {
        self.name = name
        self.attributes = attributes
        self.children = children
        self.text = text
    }

    /// The first child of that name.
    package subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// Whether it says nothing but that it is there.
    var isEmpty: Bool { attributes.isEmpty && children.isEmpty && text.isXMLSpace }
}

extension String {
    var isXMLSpace: Bool { utf8.allSatisfy(\.isXMLSpace) }

    func trimmingXMLSpace() -> String {
        guard utf8.first?.isXMLSpace ?? false || utf8.last?.isXMLSpace ?? false else { return self }
        let start = utf8.firstIndex { !$0.isXMLSpace } ?? endIndex
        let end = utf8.lastIndex { !$0.isXMLSpace }.map { utf8.index(after: $0) } ?? endIndex
        return String(self[start..<end])
    }
}
