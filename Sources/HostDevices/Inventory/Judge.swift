import HostModel
import Placement

/// Says why a permitted device cannot be granted: the most telling reason of several.
struct Judge {
    private let facts: HostDeviceFacts
    private let permitted: Set<String>
    private let outOfService: [GrantedDevice: String]
    private let groups: IOMMUGroups
    private let mediated: [String?: [MediatedDevice]]
    private let typeNames: [String: [String: String]]

    init(host: Host, facts: HostDeviceFacts, permitted: Set<String>, outOfService: [GrantedDevice: String]) {
        self.facts = facts
        self.permitted = permitted
        self.outOfService = outOfService
        groups = IOMMUGroups(host)
        mediated = Dictionary(grouping: host.mediatedDevices, by: \.parent)
        typeNames = Dictionary(
            host.pciDevices.map { device in
                let names = device.mediatedTypes.map { ($0.id, $0.name ?? $0.id) }
                return (device.address, Dictionary(names) { first, _ in first })
            }
        ) { first, _ in first }
    }

    func outOfService(_ device: GrantedDevice) -> Unavailability? {
        outOfService[device].map { .outOfService(reason: $0) }
    }

    func reason(against device: PCIDevice) -> Unavailability? {
        if device.isBridge { return .bridge }
        if let reason = outOfService(.pci(device.address)) { return reason }
        // On vfio-pci already, the host uses it no more.
        if device.driver != VFIOBinder.driver, let uses = facts.uses[device.address], !uses.isEmpty {
            return .usedByHost(uses)
        }
        if let count = device.sriov?.currentVFs, count > 0 { return .hasVirtualFunctions(count) }
        if let count = mediated[device.address]?.count, count > 0 { return .hasMediatedDevices(count) }
        guard let group = device.iommuGroup else { return .noIOMMU }
        // Other permitted devices may come along: whether they do is known once a VM asks.
        let together = groups.members(of: group).map(\.address).filter(permitted.contains)
        do { try groups.requireWhole(together) } catch {
            if case .groupNotWhole(_, _, let foreign) = error {
                return .groupHasForeignMembers(group: group, foreign)
            }
        }
        return facts.hasVFIO ? nil : .vfioMissing
    }

    func reason(against device: USBDevice) -> Unavailability? {
        if let reason = outOfService(.usb(bus: device.bus, device: device.device)) { return reason }
        return facts.uses[device.port].flatMap { $0.isEmpty ? nil : .usedByHost($0) }
    }

    /// The name of its type in the form of selectors; `nil` where the type is unknown.
    func mediatedName(of device: MediatedDevice) -> String? {
        guard let type = device.type else { return nil }
        let name = device.parent.flatMap { typeNames[$0]?[type] } ?? type
        return MediatedDevices.selectorForm(name)
    }
}
