import DomainModel
import KubeVirtModel

/// Network interfaces.
enum InterfacesPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) throws(DomainPlanError) {
        for (index, interface) in request.devices.interfaces.enumerated() where interface.state != .absent {
            let made = try make(interface, index: index, &draft, request)
            draft.domain.devices.interfaces.append(made)
        }
    }

    private static func make(
        _ interface: Interface, index: Int, _ draft: inout DomainDraft, _ request: PlanRequest
    ) throws(DomainPlanError) -> DomainInterface {
        let name = request.instance.qualifiedName
        guard let prepared = request.resources.interfaces[interface.name] else {
            throw .interfaceNotPrepared(instance: name, interface: interface.name)
        }
        let isVirtio = interface.model.map { $0.isEmpty || $0 == "virtio" } ?? true
        var result = DomainInterface(
            source: prepared.source, alias: "ua-\(interface.name)",
            model: isVirtio ? request.virtioModel : interface.model ?? "virtio")
        result.mac = (interface.macAddress ?? prepared.mac)?.replacing("-", with: ":").lowercased()
        result.bootOrder = interface.bootOrder
        result.romDisabled = interface.bootOrder == nil
        result.linkDown = interface.state == .down
        result.acpiIndex = interface.acpiIndex
        if request.devices.networkInterfaceMultiqueue ?? false, isVirtio {
            addQueues(&result, interface, &draft, request)
        }
        if let address = interface.pciAddress {
            let field = "spec.domain.devices.interfaces[\(index)].pciAddress"
            guard let parsed = DeviceAddress.pci(address) else {
                throw .badPCIAddress(instance: name, field: field, address: address)
            }
            result.address = parsed
        }
        return result
    }

    private static func addQueues(
        _ result: inout DomainInterface, _ interface: Interface, _ draft: inout DomainDraft, _ request: PlanRequest
    ) {
        guard result.source != .user else {
            draft.warn(
                "MultiqueueDropped", "spec.domain.devices.networkInterfaceMultiqueue",
                "user-mode networking has one queue: interface \(interface.name) has no more")
            return
        }
        result.queues = min(256, request.domain.cpu?.vcpus ?? 1)
    }
}
