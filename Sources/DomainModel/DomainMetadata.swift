/// What virt-node writes into a domain's `<metadata>`: the truth that outlives the process.
package struct DomainMetadata: Sendable, Equatable {
    package static let namespace = "https://virt-node.io/v1"
    /// The newest layout of this element that this version reads; a domain with a higher one is left alone.
    package static let schemaVersion = 1

    package var uid: String
    package var namespace: String
    package var name: String
    package var generation: Int64
    /// The agent that owns the domain: `run:FOLDER` for a foreground run, by its session's folder.
    package var owner: String
    package var bootID: String

    package init(uid: String, namespace: String, name: String, generation: Int64, owner: String, bootID: String) {
        self.uid = uid
        self.namespace = namespace
        self.name = name
        self.generation = generation
        self.owner = owner
        self.bootID = bootID
    }

    func write(to writer: inout XMLWriter) {
        writer.element("metadata") { writer in
            writer.element("virt-node:instance") { writer in
                writer.attribute("xmlns:virt-node", Self.namespace)
                writer.attribute("schema", Self.schemaVersion)
                writer.attribute("uid", uid)
                writer.attribute("namespace", namespace)
                writer.attribute("name", name)
                writer.attribute("generation", generation)
                writer.attribute("owner", owner)
                writer.attribute("boot", bootID)
            }
        }
    }

    /// Reads the element that `virDomainGetMetadata` returns; nil where it is not ours, or is of a newer schema.
    package init?(xml: String) {
        guard let root = try? XMLReader.read(xml) else { return nil }
        let attributes = root.attributes
        guard root.name.split(separator: ":").last == "instance",
            let schema = attributes["schema"].flatMap({ Int($0) }),
            schema <= Self.schemaVersion, let uid = attributes["uid"], let owner = attributes["owner"]
        else { return nil }
        self.init(
            uid: uid, namespace: attributes["namespace"] ?? "", name: attributes["name"] ?? "",
            generation: attributes["generation"].flatMap { Int64($0) } ?? 0, owner: owner,
            bootID: attributes["boot"] ?? "")
    }
}
