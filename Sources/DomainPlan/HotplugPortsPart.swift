import DomainModel
import KubeVirtModel

/// Free PCIe root ports, into which disks and network interfaces are plugged later (`<controller type='pci'>`).
///
/// libvirt adds a port for each device that has none, and none to spare. So the ports for the devices at hand and the
/// free ones are counted here and written out together, and the domain is defined once.
enum HotplugPortsPart {
    /// Ports of a q35 machine, of which eight share a slot.
    private static let most = 31
    private static let networkPorts = 4
    private static let bytesOfALargeGuest: Int64 = 2 << 30

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard !request.instance.isAnnotated(Annotation.rootComplex) else { return }
        let used = usedPorts(&draft.domain.devices)
        let free = request.devices.disableHotplug ?? false ? 0 : freePorts(used: used, draft.domain)
        guard free > 0 else { return }
        // Expander buses and their ports come first; 0 is the root.
        let first = 1 + draft.domain.devices.controllers.count { $0.type == "pci" && $0.index != 0 }
        for index in first..<(first + used + free) {
            draft.domain.devices.controllers.append(Controller(type: "pci", index: index, model: "pcie-root-port"))
            draft.because(
                "devices/controller[pci\(index)]",
                .rule("\(used) PCIe ports for the devices at hand, and \(free) free ones to plug more"))
        }
    }

    /// Counts, and changes nothing; in place, since a copy of all devices would be made for nothing.
    private static func usedPorts(_ devices: inout DomainDevices) -> Int {
        var ports = 0
        // A bridge for conventional devices comes with a port of its own, which libvirt adds.
        devices.forEachPCIDevice { place, address in
            if place == .port, address == nil { ports += 1 }
        }
        return ports
    }

    /// As many as KubeVirt's guests have: small guests up to 8 ports in all, large ones up to 16, never fewer than 3 or 6
    /// free ones, and room for four network interfaces where there is one.
    private static func freePorts(used: Int, _ domain: Domain) -> Int {
        let isLarge = domain.memoryBytes > bytesOfALargeGuest
        let wanted = isLarge ? max(16 - used, 6) : max(8 - used, 3)
        let interfaces = domain.devices.interfaces.count
        let forNetworks = interfaces == 0 ? 0 : max(0, networkPorts - interfaces)
        return max(0, min(max(wanted, forNetworks), most - used))
    }
}
