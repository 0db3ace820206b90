import KubernetesModel

/// Why no inventory can be made.
package enum FieldInventoryError: Error, Equatable {
    /// A document that is no schema, or whose schema has no such part.
    case noSchema(of: String)
    /// Paths of the schema that no table knows, and paths of the tables that the schema lacks.
    case mismatch(unread: [String], invented: [String])
}

extension FieldInventoryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSchema(let root):
            "the document holds no OpenAPI schema of \(root): give KubeVirt's CustomResourceDefinition"
        case .mismatch(let unread, let invented):
            [("the schema has", unread, "no table reads"), ("the tables read", invented, "the schema lacks")]
                .filter { !$0.1.isEmpty }
                .map { start, paths, end in "\(start) \(paths.joined(separator: ", ")), which \(end)" }
                .joined(separator: "; ")
        }
    }
}

extension FieldInventory {
    /// The rows of `rows` in the order of the schema's paths, which must be the same ones.
    ///
    /// Paths inside of a field that is kept as it came do not count.
    package static func match(_ rows: [FieldRow], _ schemaPaths: [String]) throws(FieldInventoryError) -> [FieldRow] {
        let known = Dictionary(rows.map { ($0.path, $0) }) { first, _ in first }
        let opaque = Set(rows.filter(\.hidesInside).map(\.path))
        let own = schemaPaths.filter { path in
            !path.indices.contains { index in
                ".[{".contains(path[index]) && opaque.contains(String(path[..<index]))
            }
        }
        let unread = own.filter { known[$0] == nil }
        let listed = Set(own)
        let invented = rows.map(\.path).filter { !listed.contains($0) }
        guard unread.isEmpty, invented.isEmpty else { throw .mismatch(unread: unread, invented: invented) }
        return own.compactMap { known[$0] }
    }

    /// `docs/vmi-fields.md`: one row for each path of the schema's spec.
    package static func markdown(schemaPaths: [String]) throws(FieldInventoryError) -> String {
        let rows = try match(rows(), schemaPaths)
        let count = { (word: String) in rows.filter { $0.supportName == word }.count }
        let lines = rows.map { "| `\($0.path)` | \($0.supportName) | \($0.remark) |" }
        return """
            # Fields of a VirtualMachineInstance

            What virt-node does with each of the \(rows.count) fields that `spec` has in `kubevirt.io/v1`. This page \
            is made from KubeVirt's schema and the tables by which virt-node reads it: \
            `virt-node debug vmi-fields SCHEMA.yaml`.

            - **implemented** (\(count("implemented"))): the field acts here. The last column names the source file \
            below `Sources`, and what limits it.
            - **control plane** (\(count("control plane"))): the field is read and kept, and acts elsewhere. The last \
            column says where.
            - **not yet** (\(count("not yet"))): the field is read and kept, has no effect, and a VMI that sets it is \
            warned. The last column says what is missing.

            The insides of affinity, tolerations, DNS settings, spread constraints and probe actions are kept as they \
            come, and have no rows.

            | Field | Support | By |
            |---|---|---|
            \(lines.joined(separator: "\n"))

            """
    }
}

extension FieldRow {
    fileprivate var supportName: String {
        switch support {
        case .implemented: "implemented"
        case .elsewhere: "control plane"
        case .notYet: "not yet"
        }
    }

    fileprivate var remark: String {
        if case .notYet(let reason) = support { return reason }
        return handler ?? ""
    }
}
