/// `<numatune>`: which host cells the guest's memory comes from.
package struct NUMATune: XMLPart {
    package var memory: NUMAMemory?
    /// A host cell for each guest cell (`<memnode>`).
    package var nodes: [NUMANodeTune] = []
    package var rest: XMLRest?

    package init() {}

    package init(memory: NUMAMemory?, nodes: [NUMANodeTune] = []) {
        self.memory = memory
        self.nodes = nodes
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.element("memory", &memory)
        visitor.elements("memnode", &nodes)
    }
}

/// `<memory>` of `<numatune>`: the rule for the whole guest.
package struct NUMAMemory: XMLPart {
    /// `strict`, `preferred`, `interleave` or `restrictive`.
    package var mode = ""
    /// Host cells, as libvirt spells sets.
    package var nodeset = ""
    package var rest: XMLRest?

    package init() {}

    package init(mode: String, nodeset: String) {
        self.mode = mode
        self.nodeset = nodeset
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("mode", &mode)
        visitor.attribute("nodeset", &nodeset)
    }
}

/// `<memnode>`: the rule for one guest cell.
package struct NUMANodeTune: XMLPart {
    package var cellID = 0
    /// `strict`, `preferred`, `interleave` or `restrictive`.
    package var mode = ""
    /// Host cells, as libvirt spells sets.
    package var nodeset = ""
    package var rest: XMLRest?

    package init() {}

    package init(cellID: Int, mode: String, nodeset: String) {
        self.cellID = cellID
        self.mode = mode
        self.nodeset = nodeset
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("cellid", &cellID)
        visitor.attribute("mode", &mode)
        visitor.attribute("nodeset", &nodeset)
    }
}
