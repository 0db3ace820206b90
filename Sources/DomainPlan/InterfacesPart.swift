import DomainModel
import KubeVirtModel

/// Network interfaces (`<interface>`). SR-IOV ones are host devices.
enum InterfacesPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) throws(DomainPlanError) {
        for (index, interface) in request.devices.interfaces.enumerated()
        where interface.state != .absent && interface.sriov == nil {
            let made = try make(interface, index: index, &draft, request)
            explain(interface, index: index, &draft)
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
        result.target = prepared.target
        if interface.passt != nil || interface.passtBinding != nil {
            draft.warn(
                "PasstReplaced", "spec.domain.devices.interfaces[\(index)]",
                "libvirt 9 refuses passt for QEMU: the interface has QEMU's own user-mode network")
        }
        result.mac = (interface.macAddress ?? prepared.mac)?.replacing("-", with: ":").lowercased()
        result.addresses = prepared.addresses
        result.bootOrder = interface.bootOrder
        // A network card's option ROM costs the boot seconds, and cannot work in encrypted memory.
        result.romDisabled = interface.bootOrder == nil || request.usesEncryptedMemory
        result.linkDown = interface.state == .down
        result.acpiIndex = interface.acpiIndex
        if isVirtio, request.usesEncryptedMemory {
            result.driverName = "vhost"
            result.driverIOMMU = true
        }
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
        result.driverName = "vhost"
        result.queues = UInt64(min(256, request.enabledVCPUs))
    }

    private static func explain(_ interface: Interface, index: Int, _ draft: inout DomainDraft) {
        guard draft.isExplaining else { return }
        let field = "spec.domain.devices.interfaces[\(index)]"
        let element = "devices/interface[\(interface.name)]"
        draft.because(element, .field(field))
        draft.because("\(element)@type", .rule("a tap, or user-mode networking where there is none"))
        draft.because("\(element)/model", .field("\(field).model"))
        draft.because("\(element)/mac", .field("\(field).macAddress"))
        draft.because("\(element)/ip", .field("spec.networks[\(interface.name)].pod.vmNetworkCIDR"))
        draft.because("\(element)/boot", .field("\(field).bootOrder"))
        draft.because("\(element)/rom", .rule("no option ROM for a card that is not booted from"))
        draft.because("\(element)/link", .field("\(field).state"))
        draft.because("\(element)/acpi", .field("\(field).acpiIndex"))
        draft.because("\(element)/address", .field("\(field).pciAddress"))
        draft.because("\(element)/driver@queues", .field("spec.domain.devices.networkInterfaceMultiqueue"))
        draft.because("\(element)/alias", .field("\(field).name"))
    }
}
