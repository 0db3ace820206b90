/// What virt-node writes into a domain's `<metadata>`: the truth that outlives the process.
package struct DomainMetadata: XMLPart {
    package static let namespace = "https://virt-node.io/v1"
    /// The newest layout of this element that this version reads; a domain with a higher one is left alone.
    package static let schemaVersion = 1

    package var uid = ""
    package var namespace = ""
    package var name = ""
    package var generation: Int64 = 0
    /// The agent that owns the domain: `run:FOLDER` for a foreground run, by its session's folder.
    package var owner = ""
    package var bootID = ""
    /// What the VM holds of its host, as its granter wrote it: whoever finds the domain without an intent reads it here.
    package var placement: String?
    package var rest: XMLRest?

    package init() {}

    package init(uid: String, namespace: String, name: String, generation: Int64, owner: String, bootID: String) {
        self.uid = uid
        self.namespace = namespace
        self.name = name
        self.generation = generation
        self.owner = owner
        self.bootID = bootID
    }

    /// Reads the element that `virDomainGetMetadata` returns; nil where it is not ours, or is of a newer schema, or names a
    /// VMI by what is no uid: folders of the host are called by it.
    package init?(xml: String) {
        guard let root = try? XMLReader.read(xml), root.name.split(separator: ":").last == "instance",
            var read = XMLReadingVisitor.read(root, as: DomainMetadata.self), Self.isUID(read.uid)
        else { return nil }
        // The prefix is libvirt's choice here, and says nothing.
        read.rest = nil
        self = read
    }

    /// Letters, digits and dashes: a UUID, or what a manifest's author took for one.
    private static func isUID(_ text: String) -> Bool {
        let fits = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
            default: false
            }
        }
        return fits && (1...128).contains(text.utf8.count)
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        var declaration: Declaration? = Declaration()
        visitor.attribute("xmlns:virt-node", &declaration)
        if visitor.isReading, visitor.peek("xmlns:virt-node") != nil { visitor.fail("xmlns:virt-node") }
        var schema = SchemaVersion()
        visitor.attribute("schema", &schema)
        visitor.attribute("uid", required: &uid)
        visitor.attribute("namespace", &namespace)
        visitor.attribute("name", &name)
        visitor.attribute("generation", orKept: &generation)
        visitor.attribute("owner", required: &owner)
        visitor.attribute("boot", &bootID)
        visitor.attribute("placement", &placement)
    }

    /// The prefix, bound to our namespace.
    private struct Declaration: XMLValue {
        init() {}

        init?(xml text: String) {
            guard text == DomainMetadata.namespace else { return nil }
        }

        func write(to output: inout XMLOutput) { output.append(word: DomainMetadata.namespace) }
    }

    /// A layout that this version reads; this version's own when writing.
    private struct SchemaVersion: XMLValue {
        init() {}

        init?(xml text: String) {
            guard let version = Int(text), 1...DomainMetadata.schemaVersion ~= version else { return nil }
        }

        func write(to output: inout XMLOutput) { output.append(DomainMetadata.schemaVersion) }
    }
}
