/// `<vsock>`: sockets between guest and host.
package struct VSOCK: XMLPart {
    package var model: String?
    /// Whether libvirt chooses the number.
    package var auto = false
    /// The guest's number, from 3; nil where libvirt has not chosen yet.
    package var cid: UInt32?
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String? = nil, cid: UInt32?, auto: Bool = false) {
        self.model = model
        self.cid = cid
        self.auto = auto
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.choice("cid") { visitCID(&$0) }
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

extension VSOCK {
    private mutating func visitCID(_ element: inout some XMLVisitor) {
        if element.isReading {
            let word = element.peek("auto")
            (auto, cid) = (word == "yes", nil)
            let isNumbered = element.peek("address").flatMap { UInt32(xml: $0) } != nil
            guard auto || isNumbered && (word == nil || word == "no") else { return }
        }
        guard element.isReading || auto || cid != nil else { return }
        var word: Bool? = auto
        element.attribute("auto", yesNo: &word)
        element.attribute("address", &cid)
    }
}

/// `<iommu>`: the guest's own IOMMU.
package struct IOMMU: XMLPart {
    /// `intel`, `smmuv3` or `virtio`.
    package var model = ""
    package var interruptRemapping: Bool?
    /// x2APIC, without which a guest has no more than 255 vCPUs.
    package var eim: Bool?
    package var cachingMode: Bool?
    /// Address width, bits.
    package var awBits: Int?
    package var rest: XMLRest?

    package init() {}

    package init(
        model: String, interruptRemapping: Bool? = nil, eim: Bool? = nil, cachingMode: Bool? = nil, awBits: Int? = nil
    ) {
        self.model = model
        self.interruptRemapping = interruptRemapping
        self.eim = eim
        self.cachingMode = cachingMode
        self.awBits = awBits
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.group("driver") { driver in
            driver.attribute("intremap", onOff: &interruptRemapping)
            driver.attribute("eim", onOff: &eim)
            driver.attribute("caching_mode", onOff: &cachingMode)
            driver.attribute("aw_bits", &awBits)
        }
    }
}
