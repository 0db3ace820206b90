import KubeVirtModel
import KubernetesModel
import TestSupport

/// Changes documents at random, the same way in every run.
struct TreeMutator {
    private var generator: SchemaGenerator
    private let donors: [DocumentNode]
    private let schema: FieldSchema?

    /// Without a schema, nothing but the donors says what a document looks like.
    init(seed: UInt64, donors: [DocumentNode], schema: FieldSchema? = VirtualMachineInstance.schema) {
        generator = SchemaGenerator(random: SeededRandom(seed: seed))
        self.donors = donors
        self.schema = schema
    }

    /// A document of the corpus, or one that the tables make, with one to eight changes, fewer ones more often.
    mutating func next() -> DocumentNode {
        let made = draw(8) == 0 ? schema : nil
        var document = made.map { generator.instance($0) } ?? pick(donors) ?? .object([])
        change(&document)
        return document
    }

    /// That document with as many changes.
    mutating func changed(_ document: DocumentNode) -> DocumentNode {
        var document = document
        change(&document)
        return document
    }

    private mutating func change(_ document: inout DocumentNode) {
        var count = 1
        while count < 8, draw(3) == 0 { count += 1 }
        for _ in 0..<count {
            // Whatever stands below is what a user writes; the members above are read by few lines.
            let place = draw(document.nodeCount)
            document.change(at: place, schema: schema) { node, schema in change(&node, schema) }
        }
    }

    private mutating func change(_ node: inout DocumentNode, _ schema: FieldSchema?) {
        switch node.value {
        case .object(let members) where draw(4) > 0: node.value = .object(changed(members, schema))
        case .array(let elements) where draw(4) > 0: node.value = .array(changed(elements, schema))
        case .string(let text) where draw(4) > 0: node.value = .string(changed(text))
        case .number where draw(2) > 0: node.value = .number(pick(HostileText.numbers) ?? "0")
        default: node = replacement(for: node, schema)
        }
    }

    private mutating func changed(_ members: [DocumentMember], _ schema: FieldSchema?) -> [DocumentMember] {
        var members = members
        let index = members.isEmpty ? nil : draw(members.count)
        switch draw(7) {
        case 0: if let index { members.remove(at: index) }
        case 1: members.shuffle(using: &generator.random)
        case 2: if let index { members[index].name = changed(members[index].name) }
        case 3: members.append(DocumentMember(pick(HostileText.all) ?? "", .string(pick(HostileText.all) ?? "")))
        case 4: if let index { members.append(members[index]) }
        default:
            // A field that the object may have.
            guard case .object(_, let fields) = schema, let field = pick(fields()) else { break }
            members.removeAll { $0.name == field.name }
            members.append(DocumentMember(field.name, generator.value(of: field.schema, named: field.name, depth: 8)))
        }
        return members
    }

    private mutating func changed(_ elements: [DocumentNode], _ schema: FieldSchema?) -> [DocumentNode] {
        var elements = elements
        guard !elements.isEmpty else { return [replacement(for: DocumentNode(.null), schema?.element)] }
        let index = draw(elements.count)
        switch draw(6) {
        case 0: elements.remove(at: index)
        case 1: elements.shuffle(using: &generator.random)
        case 2: elements.append(elements[index])
        case 3: elements += Array(repeating: elements[index], count: draw(10) == 0 ? 400 : 5)
        case 4: elements.insert(replacement(for: elements[index], schema?.element), at: index)
        default: elements = elements.map { _ in elements[index] }
        }
        return elements
    }

    private mutating func changed(_ text: String) -> String {
        let hostile = pick(HostileText.all) ?? ""
        switch draw(8) {
        case 0, 1, 2: return hostile
        case 3: return text + hostile
        case 4: return hostile + text
        case 5:
            let place = text.unicodeScalars.index(text.startIndex, offsetBy: draw(text.unicodeScalars.count + 1))
            return String(text.unicodeScalars[..<place]) + hostile + String(text.unicodeScalars[place...])
        case 6:
            let piece = hostile.isEmpty ? "x" : hostile
            let bytes = pick([64, 254, 256, 4096, 70_000]) ?? 1
            return String(repeating: piece, count: 1 + bytes / piece.utf8.count)
        default: return text.uppercased() == text ? text.lowercased() : text.uppercased()
        }
    }

    /// Something else in the place of a node.
    private mutating func replacement(for node: DocumentNode, _ schema: FieldSchema?) -> DocumentNode {
        switch draw(10) {
        case 0: return DocumentNode(.null)
        case 1: return .bool(draw(2) == 0)
        case 2: return DocumentNode(.number(pick(HostileText.numbers) ?? "0"))
        case 3: return .string(pick(HostileText.all) ?? "")
        case 4: return .array([node])
        case 5: return .object([DocumentMember(pick(HostileText.all) ?? "", node)])
        case 6: return nested(node, depth: pick([5, 50, 99, 120]) ?? 5)
        case 7: return pick(donors) ?? node
        default: return schema.map { generator.value(of: $0, named: "", depth: 8) } ?? .array([])
        }
    }

    private mutating func nested(_ node: DocumentNode, depth: Int) -> DocumentNode {
        let isList = draw(2) == 0
        return (0..<depth).reduce(node) { inner, _ in isList ? .array([inner]) : .object([DocumentMember("a", inner)]) }
    }

    private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator.random) }
    private mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &generator.random) }
}
