/// A libvirt domain (`<domain>`), as virt-node defines it and as libvirt tells it.
package struct Domain: XMLPart {
    package var type = DomainType.kvm
    package var name = ""
    package var uuid: String?
    package var metadata: DomainMetadata?
    /// Bytes at boot (`<memory>`); 0 where the document does not say.
    package var memoryBytes: Int64 = 0
    package var maxMemory: MaximumMemory?
    /// Bytes that the balloon leaves to the guest (`<currentMemory>`).
    package var currentMemoryBytes: Int64?
    package var memoryBacking: MemoryBacking?
    package var vcpu = VCPUCount()
    /// `<vcpus>`: each vCPU's own state, where some are only room for later.
    package var vcpus: [VCPU] = []
    /// How many threads for I/O (`<iothreads>`).
    package var iothreads: Int?
    package var cputune: CPUTune?
    package var numatune: NUMATune?
    package var os = OperatingSystem()
    package var sysinfo: SystemInformation?
    package var features = DomainFeatures()
    package var cpu: DomainCPU?
    package var clock: DomainClock?
    /// `<on_poweroff>`.
    package var onPoweroff: LifecycleAction?
    /// `<on_reboot>`.
    package var onReboot: LifecycleAction?
    /// `<on_crash>`.
    package var onCrash: LifecycleAction?
    package var devices = DomainDevices()
    /// `<seclabel>`: the user that QEMU runs as.
    package var securityLabel: SecurityLabel?
    package var launchSecurity: LaunchSecurity?
    /// Words of QEMU's command line that libvirt has no element for (`<qemu:arg>`).
    package var qemuArguments: [String] = []
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", orKept: &type)
        if !visitor.isReading { visitQEMUNamespace(&visitor) }
        visitor.text(in: "name", &name)
        visitor.text(in: "uuid", &uuid)
        visitor.group("metadata") { $0.element("virt-node:instance", &metadata) }
        visitMemory(&visitor)
        visitProcessors(&visitor)
        visitor.element("os", &os)
        visitor.element("sysinfo", &sysinfo)
        visitor.element("features", &features)
        visitor.element("cpu", &cpu)
        visitor.element("clock", &clock)
        visitor.text(in: "on_poweroff", &onPoweroff)
        visitor.text(in: "on_reboot", &onReboot)
        visitor.text(in: "on_crash", &onCrash)
        visitor.element("devices", &devices)
        visitor.element("seclabel", &securityLabel)
        visitor.element("launchSecurity", &launchSecurity)
        visitQEMUArguments(&visitor)
    }

    private mutating func visitMemory(_ visitor: inout some XMLVisitor) {
        visitor.element("maxMemory", &maxMemory)
        visitor.group("memory") { memory in
            var amount: Int64? = memoryBytes == 0 ? nil : memoryBytes
            if !memory.isReading || memory.peekText().trimmingXMLSpace() != "0" { memory.bytes(&amount) }
            if memory.isReading { memoryBytes = amount ?? 0 }
        }
        visitor.group("currentMemory") { $0.bytes(&currentMemoryBytes) }
        visitor.element("memoryBacking", &memoryBacking)
    }

    private mutating func visitProcessors(_ visitor: inout some XMLVisitor) {
        visitor.element("vcpu", &vcpu)
        visitor.group("vcpus") { $0.elements("vcpu", &vcpus) }
        visitor.text(in: "iothreads", &iothreads)
        visitor.element("cputune", &cputune)
        visitor.element("numatune", &numatune)
    }

    /// Another namespace under the same prefix is not QEMU's: what belongs to it survives as it is.
    private mutating func visitQEMUArguments(_ visitor: inout some XMLVisitor) {
        if visitor.isReading, visitor.peek("xmlns:qemu") != Self.qemuNamespace.description { return }
        visitor.group("qemu:commandline") { $0.values("qemu:arg", "value", &qemuArguments) }
        if visitor.isReading { visitQEMUNamespace(&visitor) }
    }

    /// The prefix is declared where something uses it. An attribute is written before the children, but whether it is
    /// needed is known only after these were read.
    private mutating func visitQEMUNamespace(_ visitor: inout some XMLVisitor) {
        var isDeclared = !qemuArguments.isEmpty
        if isDeclared { visitor.attribute("xmlns:qemu", is: Self.qemuNamespace, &isDeclared) }
    }

    private static var qemuNamespace: StaticString { "http://libvirt.org/schemas/domain/qemu/1.0" }
}

/// `domain/@type`: who executes the guest's instructions. A domain of another driver keeps its own word in the rest.
package enum DomainType: String, XMLWord {
    case kvm
    case qemu
}

/// What libvirt does with the domain after the guest's own end.
package enum LifecycleAction: String, XMLWord {
    case destroy, restart, preserve
    case renameRestart = "rename-restart"
    case coredumpDestroy = "coredump-destroy"
    case coredumpRestart = "coredump-restart"
}
