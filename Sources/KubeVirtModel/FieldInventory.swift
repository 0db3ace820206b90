package import KubernetesModel

/// What becomes of one field of a VMI.
package struct FieldRow: Sendable {
    /// Such as `spec.domain.devices.disks[].name`.
    package var path: String
    /// Such as `list of objects`.
    package var kind: String
    package var support: FieldSupport
    /// A source file below `Sources` without its suffix, and its limits in parentheses; or who else has to do with it.
    package var handler: String?
    /// Whether what stands below is kept as it came, and has no rows of its own.
    var hidesInside: Bool
}

/// Every field that the tables of this module know, found by walking them.
package enum FieldInventory {
    /// The fields of a VMI's spec, each object before what it holds.
    package static func rows() -> [FieldRow] { rows(of: VirtualMachineInstanceSpec.schema, below: "spec") }

    /// The fields of a VMI's status, likewise.
    package static func statusRows() -> [FieldRow] { rows(of: VirtualMachineInstanceStatus.schema, below: "status") }

    private static func rows(of schema: FieldSchema, below root: String) -> [FieldRow] {
        var rows: [FieldRow] = []
        walk(schema, FieldRow(path: root, kind: "", support: .implemented, hidesInside: false), into: &rows)
        return rows
    }

    private static func walk(_ schema: FieldSchema, _ parent: FieldRow, into rows: inout [FieldRow]) {
        switch schema {
        case .list(let element):
            var inner = parent
            inner.path += "[]"
            walk(element, inner, into: &rows)
        case .map(let value):
            var inner = parent
            inner.path += "{}"
            walk(value, inner, into: &rows)
        case .object(let handledBy, let members):
            for member in members() {
                let row = FieldRow(
                    path: "\(parent.path).\(member.name)", kind: kind(of: member.schema),
                    support: member.support == .implemented ? parent.support : member.support,
                    handler: member.handler ?? member.schema.handledBy ?? handledBy ?? parent.handler,
                    hidesInside: member.schema.isOpaque)
                rows.append(row)
                walk(member.schema, row, into: &rows)
            }
        case .string, .oneOf, .boolean, .integer, .quantity, .timestamp, .any: break
        }
    }

    private static func kind(of schema: FieldSchema) -> String {
        switch schema {
        case .string: "string"
        case .oneOf(let choices): "one of " + choices.joined(separator: ", ")
        case .boolean: "boolean"
        case .integer(let minimum, let maximum): "whole number from \(minimum) to \(maximum)"
        case .quantity: "quantity"
        case .timestamp: "time"
        case .any: "anything"
        case .list(let element): "list of " + kind(of: element)
        case .map(let value): "map of " + kind(of: value)
        case .object: "object"
        }
    }
}

extension FieldSchema {
    /// Who handles the objects here, if these are any, of one or many.
    fileprivate var handledBy: String? {
        switch self {
        case .object(let handledBy, _): handledBy
        case .list(let inner), .map(let inner): inner.handledBy
        case .string, .oneOf, .boolean, .integer, .quantity, .timestamp, .any: nil
        }
    }

    fileprivate var isOpaque: Bool {
        switch self {
        case .any: true
        case .list(let inner), .map(let inner): inner.isOpaque
        case .string, .oneOf, .boolean, .integer, .quantity, .timestamp, .object: false
        }
    }
}
