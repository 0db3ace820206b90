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
    }

    /// The strings that KubeVirt's guests know; licences and inventories are bound to them.
    private static func systemInformation(_ request: PlanRequest, uuid: String?) -> SystemInformation {
        var information = SystemInformation()
        if let uuid { information.system.append(SMBIOSEntry("uuid", uuid)) }
        if let serial = request.domain.firmware?.serial { information.system.append(SMBIOSEntry("serial", serial)) }
        information.system += [
            SMBIOSEntry("manufacturer", "KubeVirt"), SMBIOSEntry("family", "KubeVirt"), SMBIOSEntry("product", "None"),
            SMBIOSEntry("sku", ""), SMBIOSEntry("version", ""),
        ]
        if let chassis = request.domain.chassis {
            let entries = [
                ("manufacturer", chassis.manufacturer), ("version", chassis.version), ("serial", chassis.serial),
                ("asset", chassis.asset), ("sku", chassis.sku),
            ]
            information.chassis = entries.compactMap { name, value in value.map { SMBIOSEntry(name, $0) } }
        }
        return information
    }
}
