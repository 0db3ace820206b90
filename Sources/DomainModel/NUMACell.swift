/// `<numa><cell>`: a NUMA cell of the guest.
package struct NUMACell: XMLPart {
    package var id = 0
    /// The cell's vCPUs, as libvirt spells sets; empty for a cell of memory alone.
    package var cpus = ""
    package var memoryBytes: Int64 = 0
    package var distances: [Distance] = []
    package var rest: XMLRest?

    package init() {}

    package init(id: Int, cpus: String, memoryBytes: Int64, distances: [Distance] = []) {
        self.id = id
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.distances = distances
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("id", &id)
        visitor.attribute("cpus", &cpus)
        visitor.requiredBytes("memory", &memoryBytes)
        visitor.group("distances") { $0.elements("sibling", &distances) }
    }

    /// `<sibling>`: how far another cell is; 10 is the cell itself.
    package struct Distance: XMLPart {
        package var id = 0
        package var value = 10
        package var rest: XMLRest?

        package init() {}

        package init(id: Int, value: Int) {
            self.id = id
            self.value = value
        }

        package mutating func visit(_ visitor: inout some XMLVisitor) {
            visitor.attribute("id", &id)
            visitor.attribute("value", &value)
        }
    }
}
