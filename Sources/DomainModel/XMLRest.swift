/// What the element of a part says beyond the part's properties: things that this version does not know, and values
/// that it could not read. Written again as they were; a property that is set wins over an attribute kept here.
package final class XMLRest: Sendable {
    package let attributes: XMLAttributes
    package let children: [XMLElement]
    package let text: String
    /// What was left of children whose values are properties of the same part.
    let groups: [Group]
    /// Whether nothing of the element was read.
    let isUntouched: Bool

    struct Group: Sendable, Equatable {
        var name: String
        var rest: XMLRest
    }

    init(attributes: XMLAttributes, children: [XMLElement], text: String, groups: [Group], isUntouched: Bool) {
        self.attributes = attributes
        self.children = children
        self.text = text
        self.groups = groups
        self.isUntouched = isUntouched
    }

    func group(_ name: StaticString) -> XMLRest? {
        groups.first { $0.name == name.description }?.rest
    }
}

extension XMLRest: Equatable {
    package static func == (left: XMLRest, right: XMLRest) -> Bool {
        left === right
            || left.attributes == right.attributes && left.children == right.children && left.text == right.text
                && left.groups == right.groups
    }
}

extension XMLElement {
    /// What was left of a child, as an element of its own.
    init(_ group: XMLRest.Group) {
        let rest = group.rest
        self.init(
            group.name, attributes: rest.attributes, children: rest.groups.map(XMLElement.init) + rest.children,
            text: rest.text)
    }
}
