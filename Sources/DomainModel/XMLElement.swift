/// An element of a document that libvirt wrote: live domains and capabilities are read through it.
package struct XMLElement: Sendable, Equatable {
    package var name: String
    package var attributes: [String: String]
    package var children: [XMLElement]
    package var text: String

    package init(_ name: String, attributes: [String: String] = [:], children: [XMLElement] = [], text: String = "") {
        self.name = name
        self.attributes = attributes
        self.children = children
        self.text = text
    }

    /// The first child of that name.
    package subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// Why a text is not the XML that it should be.
package enum XMLError: Error, Equatable {
    case malformed(problem: String, offset: Int)
    case tooDeep(limit: Int)
}

extension XMLError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let problem, let offset): "this is not XML: \(problem), at byte \(offset)"
        case .tooDeep(let limit): "this XML is nested more than \(limit) levels deep"
        }
    }
}
