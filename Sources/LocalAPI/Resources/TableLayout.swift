import KubeVirtModel
import KubernetesModel

/// The columns of a kind in `kubectl get`, and how their cells are found.
struct TableLayout: Sendable {
    struct Column: Sendable {
        var name: String
        var type = "string"
        var format = ""
        var summary = ""
        var isWide = false
    }

    let columns: [Column]
    let cells: @Sendable (DocumentNode, Timestamp) -> [DocumentNode]

    static let nameColumn = Column(name: "Name", format: "name", summary: "The name of the object")
    static let ageColumn = Column(name: "Age", summary: "How long ago the object was made")

    /// The columns that a CustomResourceDefinition names, after the object's name.
    static func custom(_ printed: [PrinterColumn]) -> TableLayout {
        let columns = printed.map {
            Column(name: $0.name, type: $0.type, summary: $0.summary, isWide: $0.isWide)
        }
        let finders = printed.map { (PrinterPath($0.path), $0.type) }
        return TableLayout(columns: [nameColumn] + columns) { object, now in
            [.string(object.objectName)] + finders.map { path, type in cell(path.find(in: object), type, now) }
        }
    }

    private static func cell(_ node: DocumentNode?, _ type: String, _ now: Timestamp) -> DocumentNode {
        guard let node else { return type == "string" ? .string("") : DocumentNode(.null) }
        switch (type, node.value) {
        case ("date", _): return .string(HumanDuration.since(node.text, now: now))
        case ("string", .string), ("integer", .number), ("boolean", .bool): return node
        case ("string", .number(let text)): return .string(text)
        case ("string", .bool(let bool)): return .string("\(bool)")
        default: return .string(DocumentWriter.json(node, indent: nil))
        }
    }

    /// Column definitions as a Table has them.
    var definitions: DocumentNode {
        .array(
            columns.map { column in
                .object([
                    DocumentMember("name", .string(column.name)), DocumentMember("type", .string(column.type)),
                    DocumentMember("format", .string(column.format)),
                    DocumentMember("description", .string(column.summary)),
                    DocumentMember("priority", .number(column.isWide ? 1 : 0)),
                ])
            })
    }
}
