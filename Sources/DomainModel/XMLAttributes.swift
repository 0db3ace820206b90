/// One attribute, its name with any prefix as the document has it.
package struct XMLAttribute: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The attributes of an element, in the document's order; equal to others whatever the order, as XML has it.
package struct XMLAttributes: Sendable {
    private var list: [XMLAttribute]

    package init() { list = [] }

    /// The value of the attribute of that name.
    package subscript(_ name: String) -> String? {
        get { list.first { $0.name == name }?.value }
        set {
            let index = list.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): list[index].value = value
            case (let index?, nil): list.remove(at: index)
            case (nil, let value?): list.append(XMLAttribute(name, value))
            case (nil, nil): break
            }
        }
    }

    /// Adds an attribute of a name that is not there yet.
    mutating func append(_ attribute: XMLAttribute) { list.append(attribute) }

    /// A name that is there twice; nil for well-formed attributes.
    var duplicate: String? {
        if list.count < 16 {
            for (index, attribute) in list.enumerated()
            where list[..<index].contains(where: { $0.name == attribute.name }) {
                return attribute.name
            }
            return nil
        }
        var seen: Set<String> = []
        return list.first { !seen.insert($0.name).inserted }?.name
    }
}

extension XMLAttributes: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { list.count }
    package subscript(position: Int) -> XMLAttribute { list[position] }
}

extension XMLAttributes: Equatable {
    package static func == (left: XMLAttributes, right: XMLAttributes) -> Bool {
        if left.list == right.list { return true }
        return left.count == right.count && Set(left.list) == Set(right.list)
    }
}

extension XMLAttributes: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        list = elements.map { XMLAttribute($0, $1) }
    }
}
