import DomainModel
import KubeVirtModel
import KubernetesModel

/// Name, UUID, metadata, SMBIOS: who the machine is.
enum IdentityPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let instance = request.instance
        let firmware = request.domain.firmware
        draft.domain.type = request.accelerator == .kvm ? .kvm : .qemu
        draft.domain.name = DomainName.of(namespace: instance.namespace, name: instance.name)
        let uuid = (firmware?.uuid ?? instance.metadata.uid)?.lowercased()
        draft.domain.uuid = uuid
        draft.domain.metadata = request.metadata
        draft.domain.securityLabel = request.securityLabel
        draft.domain.sysinfo = systemInformation(request, uuid: uuid)
        draft.domain.os.smbiosFromSysinfo = true
        explain(&draft, request)
    }

    /// The strings that KubeVirt's guests know; licences and inventories are bound to them.
    private static func systemInformation(_ request: PlanRequest, uuid: String?) -> SystemInformation {
        var information = SystemInformation()
        if let uuid { information.system.append(SMBIOSEntry("uuid", uuid)) }
        if let serial = request.domain.firmware?.serial, !serial.isEmpty {
            information.system.append(SMBIOSEntry("serial", serial))
        }
        information.system += standard
        if let chassis = request.domain.chassis {
            let entries = [
                ("manufacturer", chassis.manufacturer), ("version", chassis.version), ("serial", chassis.serial),
                ("asset", chassis.asset), ("sku", chassis.sku),
            ]
            information.chassis = entries.map { SMBIOSEntry($0, $1 ?? "") }
        }
        return information
    }

    private static let standard = [
        SMBIOSEntry("manufacturer", "KubeVirt"), SMBIOSEntry("family", "KubeVirt"), SMBIOSEntry("product", "None"),
        SMBIOSEntry("sku", ""), SMBIOSEntry("version", ""),
    ]

    private static func explain(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard draft.isExplaining else { return }
        draft.because("@type", .host("the accelerator is \(request.accelerator)"))
        draft.because("name", .field("metadata.name"))
        draft.because(
            "uuid", .field(request.domain.firmware?.uuid == nil ? "metadata.uid" : "spec.domain.firmware.uuid"))
        draft.because("metadata", .rule("how a new process finds the VM again"))
        draft.because("seclabel", .host("the user that QEMU runs as"))
        draft.because("sysinfo", .rule("the strings that KubeVirt's guests know"))
        draft.because("sysinfo/system/entry[uuid]", .field("spec.domain.firmware.uuid"))
        draft.because("sysinfo/system/entry[serial]", .field("spec.domain.firmware.serial"))
        draft.because("sysinfo/chassis", .field("spec.domain.chassis"))
        draft.because("os/smbios", .rule("the guest sees the strings of sysinfo"))
    }
}
