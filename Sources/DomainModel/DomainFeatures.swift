/// `<features>`.
package struct DomainFeatures: XMLPart {
    package var acpi = false
    package var apic: APIC?
    package var hyperv: HyperVFeatures?
    package var kvm: KVMFeatures?
    package var pvspinlock: Bool?
    package var pmu: Bool?
    /// `<ioapic driver=…/>`: who emulates the interrupt controller, `qemu` or `kvm`.
    package var ioapicDriver: String?
    /// System management mode. On is written as KubeVirt writes it, without a state.
    package var smm: Bool?
    package var vmport: Bool?
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.flag("acpi", &acpi)
        visitor.element("apic", &apic)
        visitor.element("hyperv", &hyperv)
        visitor.element("kvm", &kvm)
        visitor.attribute("state", in: "pvspinlock", onOff: &pvspinlock)
        visitor.attribute("state", in: "pmu", onOff: &pmu)
        visitor.attribute("driver", in: "ioapic", &ioapicDriver)
        visitSMM(&visitor)
        visitor.attribute("state", in: "vmport", onOff: &vmport)
    }

    private mutating func visitSMM(_ visitor: inout some XMLVisitor) {
        var isPresent = smm != nil
        var isOff = smm == false
        visitor.child("smm", isPresent: &isPresent) { $0.attribute("state", is: "off", &isOff) }
        if visitor.isReading { smm = isPresent ? !isOff : nil }
    }

    /// `<apic>`.
    package struct APIC: XMLPart {
        /// Paravirtual end of interrupt.
        package var endOfInterrupt: Bool?
        package var rest: XMLRest?

        package init() {}

        package init(endOfInterrupt: Bool?) { self.endOfInterrupt = endOfInterrupt }

        package mutating func visit(_ visitor: inout some XMLVisitor) {
            visitor.attribute("eoi", onOff: &endOfInterrupt)
        }
    }
}

/// `<kvm>`: what the guest sees of KVM.
package struct KVMFeatures: XMLPart {
    package var hidden: Bool?
    /// The guest is told that its vCPUs have host CPUs of their own.
    package var hintDedicated: Bool?
    package var rest: XMLRest?

    package init() {}

    package init(hidden: Bool? = nil, hintDedicated: Bool? = nil) {
        self.hidden = hidden
        self.hintDedicated = hintDedicated
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("state", in: "hidden", onOff: &hidden)
        visitor.attribute("state", in: "hint-dedicated", onOff: &hintDedicated)
    }
}
