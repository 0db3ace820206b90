/// `<controller>`.
package struct Controller: XMLPart {
    package var type = ""
    package var index: Int?
    package var model: String?
    /// Ports of `virtio-serial` and USB controllers.
    package var ports: Int?
    package var driver: ControllerDriver?
    package var target: ControllerTarget?
    /// The 64-bit window for PCI memory; 0 for none.
    package var pcihole64Bytes: Int64?
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(type: String, index: Int? = 0, model: String? = nil) {
        self.type = type
        self.index = index
        self.model = model
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.attribute("index", &index)
        visitor.attribute("model", &model)
        visitor.attribute("ports", &ports)
        visitor.element("driver", &driver)
        visitor.element("target", &target)
        visitor.group("pcihole64") { $0.kibibytes(&pcihole64Bytes) }
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

/// `<driver>` of a controller.
package struct ControllerDriver: XMLPart {
    /// The I/O thread that serves the controller's disks, from 1.
    package var iothread: Int?
    package var queues: Int?
    /// Whether the device goes through the guest's IOMMU.
    package var iommu: Bool?
    package var rest: XMLRest?

    package init() {}

    package init(iothread: Int? = nil, queues: Int? = nil, iommu: Bool? = nil) {
        self.iothread = iothread
        self.queues = queues
        self.iommu = iommu
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("iothread", &iothread)
        visitor.attribute("queues", &queues)
        visitor.attribute("iommu", onOff: &iommu)
    }
}

/// `<target>` of a PCI controller.
package struct ControllerTarget: XMLPart {
    package var chassis: Int?
    /// `0x8` and the like in documents, a number here.
    package var port: Int?
    /// The bus number of an expander.
    package var busNr: Int?
    package var hotplug: Bool?
    /// The guest cell of an expander (`<node>`).
    package var node: Int?
    package var rest: XMLRest?

    package init() {}

    package init(
        chassis: Int? = nil, port: Int? = nil, busNr: Int? = nil, hotplug: Bool? = nil, node: Int? = nil
    ) {
        self.chassis = chassis
        self.port = port
        self.busNr = busNr
        self.hotplug = hotplug
        self.node = node
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("chassis", &chassis)
        var hexadecimal = port.flatMap { UInt32(exactly: $0) }.map { Hexadecimal($0, digits: 1) }
        visitor.attribute("port", &hexadecimal)
        if visitor.isReading { port = hexadecimal.map { Int($0.value) } }
        visitor.attribute("busNr", &busNr)
        visitor.attribute("hotplug", onOff: &hotplug)
        visitor.text(in: "node", &node)
    }
}
