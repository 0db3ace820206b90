/// A libvirt domain (`<domain>`), as virt-node defines it.
package struct Domain: Sendable, Equatable {
    package var type = DomainType.kvm
    package var name = ""
    package var uuid: String?
    package var metadata: DomainMetadata?
    /// Bytes (`<memory>`).
    package var memoryBytes: Int64 = 0
    /// `<vcpu>`.
    package var vcpus: UInt64 = 1
    package var os = OperatingSystem()
    package var sysinfo: SystemInformation?
    package var features = DomainFeatures()
    package var cpu: DomainCPU?
    package var clock: DomainClock?
    /// `<on_reboot>`.
    package var onReboot: LifecycleAction?
    package var devices = DomainDevices()
    /// `<seclabel>`: the user that QEMU runs as.
    package var securityLabel: SecurityLabel?

    package init() {}
}

/// `domain/@type`: who executes the guest's instructions.
package enum DomainType: String, Sendable {
    case kvm
    case qemu
}

package enum LifecycleAction: String, Sendable {
    case destroy, restart, preserve
}

/// `<seclabel type='static' model='dac' relabel='no'>`: a fixed user, and no file is chowned on the domain's behalf.
package struct SecurityLabel: Sendable, Equatable {
    package var uid: UInt32
    package var gid: UInt32

    package init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}

extension Domain {
    /// The document that libvirt's `virDomainDefineXML` takes.
    package func xml() -> XMLWriter {
        var writer = XMLWriter()
        write(to: &writer)
        return writer
    }

    private func write(to writer: inout XMLWriter) {
        writer.element("domain") { writer in
            writer.attribute("type", type.rawValue)
            writer.element("name", text: name)
            if let uuid { writer.element("uuid", text: uuid) }
            metadata?.write(to: &writer)
            writer.element("memory") { writer in
                writer.attribute("unit", "b")
                writer.content(String(memoryBytes))
            }
            writer.element("vcpu") { writer in
                writer.attribute("placement", "static")
                writer.content(String(vcpus))
            }
            os.write(to: &writer)
            sysinfo?.write(to: &writer)
            features.write(to: &writer)
            cpu?.write(to: &writer)
            clock?.write(to: &writer)
            if let onReboot { writer.element("on_reboot", text: onReboot.rawValue) }
            devices.write(to: &writer)
            securityLabel?.write(to: &writer)
        }
    }
}

extension SecurityLabel {
    func write(to writer: inout XMLWriter) {
        writer.element("seclabel") { writer in
            writer.attribute("type", "static")
            writer.attribute("model", "dac")
            writer.attribute("relabel", "no")
            writer.element("label", text: "+\(uid):+\(gid)")
        }
    }
}
