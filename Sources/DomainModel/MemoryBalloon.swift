/// `<memballoon>`.
package struct MemoryBalloon: XMLPart {
    package var model = ""
    package var freePageReporting: Bool?
    /// Seconds between the guest's statistics.
    package var statisticsPeriod: Int?
    package var driverIOMMU: Bool?
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String, freePageReporting: Bool? = nil, statisticsPeriod: Int? = nil) {
        self.model = model
        self.freePageReporting = freePageReporting
        self.statisticsPeriod = statisticsPeriod
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.attribute("freePageReporting", onOff: &freePageReporting)
        visitor.attribute("period", in: "stats", &statisticsPeriod)
        visitor.driver(iommu: &driverIOMMU)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

/// `<devices><memory>`: memory that was plugged in. Nothing here makes one; what a document says survives.
package struct MemoryDevice: XMLPart {
    /// `dimm`, `virtio-mem` and so on.
    package var model = ""
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}
