/// `<hyperv>`: what Windows guests know from Hyper-V.
package struct HyperVFeatures: XMLPart {
    /// `passthrough` for all that the host has.
    package var mode: String?
    package var relaxed: Bool?
    package var vapic: Bool?
    package var spinlocks: HyperVSpinlocks?
    package var vpindex: Bool?
    package var runtime: Bool?
    package var synic: Bool?
    package var stimer: HyperVStimer?
    package var reset: Bool?
    package var vendorID: HyperVVendorID?
    package var frequencies: Bool?
    package var reenlightenment: Bool?
    package var tlbflush: HyperVTLBFlush?
    package var ipi: Bool?
    package var evmcs: Bool?
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("mode", &mode)
        visitor.attribute("state", in: "relaxed", onOff: &relaxed)
        visitor.attribute("state", in: "vapic", onOff: &vapic)
        visitor.element("spinlocks", &spinlocks)
        visitor.attribute("state", in: "vpindex", onOff: &vpindex)
        visitor.attribute("state", in: "runtime", onOff: &runtime)
        visitor.attribute("state", in: "synic", onOff: &synic)
        visitor.element("stimer", &stimer)
        visitor.attribute("state", in: "reset", onOff: &reset)
        visitor.element("vendor_id", &vendorID)
        visitor.attribute("state", in: "frequencies", onOff: &frequencies)
        visitor.attribute("state", in: "reenlightenment", onOff: &reenlightenment)
        visitor.element("tlbflush", &tlbflush)
        visitor.attribute("state", in: "ipi", onOff: &ipi)
        visitor.attribute("state", in: "evmcs", onOff: &evmcs)
    }
}

/// `<spinlocks>`: how often the guest tries before it tells the host.
package struct HyperVSpinlocks: XMLPart {
    package var state = true
    package var retries: UInt32?
    package var rest: XMLRest?

    package init() {}

    package init(state: Bool, retries: UInt32? = nil) {
        self.state = state
        self.retries = retries
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("state", onOff: &state)
        visitor.attribute("retries", &retries)
    }
}

/// `<stimer>`: synthetic timers.
package struct HyperVStimer: XMLPart {
    package var state = true
    package var direct: Bool?
    package var rest: XMLRest?

    package init() {}

    package init(state: Bool, direct: Bool? = nil) {
        self.state = state
        self.direct = direct
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("state", onOff: &state)
        visitor.attribute("state", in: "direct", onOff: &direct)
    }
}

/// `<tlbflush>`: flushes of other vCPUs' TLBs by the host.
package struct HyperVTLBFlush: XMLPart {
    package var state = true
    /// Newer than libvirt 9.0.
    package var direct: Bool?
    /// Newer than libvirt 9.0.
    package var extended: Bool?
    package var rest: XMLRest?

    package init() {}

    package init(state: Bool, direct: Bool? = nil, extended: Bool? = nil) {
        self.state = state
        self.direct = direct
        self.extended = extended
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("state", onOff: &state)
        visitor.attribute("state", in: "direct", onOff: &direct)
        visitor.attribute("state", in: "extended", onOff: &extended)
    }
}

/// `<vendor_id>`: the vendor that the guest sees, up to 12 characters.
package struct HyperVVendorID: XMLPart {
    package var state = true
    package var value: String?
    package var rest: XMLRest?

    package init() {}

    package init(state: Bool, value: String? = nil) {
        self.state = state
        self.value = value
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("state", onOff: &state)
        visitor.attribute("value", &value)
    }
}
