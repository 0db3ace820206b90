import ArgumentParser
import KubernetesModel

/// `-o` of commands that print objects.
enum ObjectFormat: String, ExpressibleByArgument, CaseIterable {
    case table, wide, json, yaml, name

    /// One object as a document: what servers note about who wrote which field is left out, as kubectl does.
    func document(_ object: DocumentNode) -> String {
        var object = object
        object[["metadata", "managedFields"]] = nil
        return switch self {
        case .yaml: Standard.visible(DocumentWriter.yaml(object))
        case .json, .table, .wide, .name: DocumentWriter.json(object) + "\n"
        }
    }

    /// Many objects as one document: a `List`.
    func list(_ objects: [DocumentNode]) -> String {
        var items = objects
        for index in items.indices { items[index][["metadata", "managedFields"]] = nil }
        let list = DocumentNode.object([
            DocumentMember("apiVersion", .string("v1")), DocumentMember("kind", .string("List")),
            DocumentMember("items", .array(items)),
        ])
        return document(list)
    }
}
