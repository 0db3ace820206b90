/// `<maxMemory>`: the address space for memory that is plugged in later.
package struct MaximumMemory: XMLPart {
    package var bytes: Int64 = 0
    /// How many memory devices may be plugged in; libvirt up to 9 requires it.
    package var slots: Int?
    package var rest: XMLRest?

    package init() {}

    package init(bytes: Int64, slots: Int? = nil) {
        self.bytes = bytes
        self.slots = slots
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("slots", &slots)
        visitor.requiredBytes(&bytes)
    }
}

/// `<memoryBacking>`: what the guest's memory is made of.
package struct MemoryBacking: XMLPart {
    package var hugepages: Hugepages?
    /// `<nosharepages/>`: the host does not merge equal pages.
    package var noSharePages = false
    /// `<locked/>`: the memory stays resident.
    package var locked = false
    /// `<source type=…/>`, such as `memfd`.
    package var sourceType: String?
    /// `<access mode=…/>`, such as `shared`.
    package var accessMode: String?
    package var allocation: MemoryAllocation?
    /// `<discard/>`: the memory's content is dropped at the end.
    package var discard = false
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.element("hugepages", &hugepages)
        visitor.flag("nosharepages", &noSharePages)
        visitor.flag("locked", &locked)
        visitor.attribute("type", in: "source", &sourceType)
        visitor.attribute("mode", in: "access", &accessMode)
        visitor.element("allocation", &allocation)
        visitor.flag("discard", &discard)
    }
}

/// `<hugepages>`; the host's default size where no page is named.
package struct Hugepages: XMLPart {
    package var pages: [HugepagesPage] = []
    package var rest: XMLRest?

    package init() {}

    package init(pages: [HugepagesPage]) { self.pages = pages }

    package mutating func visit(_ visitor: inout some XMLVisitor) { visitor.elements("page", &pages) }
}

/// `<page>`: a page size, for some of the guest's cells or for all.
package struct HugepagesPage: XMLPart {
    package var sizeBytes: Int64 = 0
    /// Guest cells, such as `0` or `0-1`; all where nil.
    package var nodeset: String?
    package var rest: XMLRest?

    package init() {}

    package init(sizeBytes: Int64, nodeset: String? = nil) {
        self.sizeBytes = sizeBytes
        self.nodeset = nodeset
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.requiredBytes("size", &sizeBytes)
        visitor.attribute("nodeset", &nodeset)
    }
}

/// `<allocation>`: when the host's memory is taken, and by how many threads.
package struct MemoryAllocation: XMLPart {
    package var mode = ""
    package var threads: Int?
    package var rest: XMLRest?

    package init() {}

    package init(mode: String, threads: Int? = nil) {
        self.mode = mode
        self.threads = threads
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("mode", &mode)
        visitor.attribute("threads", &threads)
    }
}
