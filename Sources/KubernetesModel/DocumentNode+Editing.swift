extension DocumentNode {
    /// The node below a path of names, read or written; writing makes the objects on the way, and nil removes.
    package subscript(path: [String]) -> DocumentNode? {
        get {
            var node: DocumentNode? = self
            for name in path { node = node?[name] }
            return node
        }
        set { set(path[...], to: newValue) }
    }

    private mutating func set(_ path: ArraySlice<String>, to value: DocumentNode?) {
        guard let name = path.first else {
            if let value { self = value }
            return
        }
        var members: [DocumentMember] = if case .object(let members) = self.value { members } else { [] }
        let index = members.firstIndex { $0.name == name }
        guard path.count > 1 else {
            switch (index, value) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(DocumentMember(name, value))
            case (nil, nil): return
            }
            self.value = .object(members)
            return
        }
        if index == nil, value == nil { return }
        var child = index.map { members[$0].value } ?? .object([])
        child.set(path.dropFirst(), to: value)
        if let index { members[index].value = child } else { members.append(DocumentMember(name, child)) }
        self.value = .object(members)
    }

    /// The members of an object; none where this is something else.
    package var members: [DocumentMember] { if case .object(let members) = value { members } else { [] } }
    /// The elements of a list; none where this is something else.
    package var elements: [DocumentNode] { if case .array(let elements) = value { elements } else { [] } }

    /// `metadata.name` and its neighbours, of any object.
    package var objectName: String { self["metadata"]?["name"]?.text ?? "" }
    package var objectNamespace: String? { self["metadata"]?["namespace"]?.text }
    package var objectUID: String? { self["metadata"]?["uid"]?.text }
    package var resourceVersion: String? { self["metadata"]?["resourceVersion"]?.text }
    package var isBeingDeleted: Bool { self["metadata"]?["deletionTimestamp"] != nil }
}
