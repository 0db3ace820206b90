package import HostModel
package import Placement

/// The devices that VMs of this host may have, by resource, and why others that are permitted are not among them.
package struct DeviceInventory: Sendable, Hashable {
    /// In the order of their addresses: what a ``Grant`` takes.
    package private(set) var devices: [String: [GrantedDevice]] = [:]
    /// What goes to the same VM with a device: the rest of a USB resource's selectors.
    package private(set) var companions: [GrantedDevice: [GrantedDevice]] = [:]
    /// Where mediated devices can still be made, by resource.
    package private(set) var offers: [String: [MediatedOffer]] = [:]
    package private(set) var unavailable: [UnavailableDevice] = []

    /// Pure. `outOfService` gives the reason of each device that is.
    package init(
        _ host: Host, _ facts: HostDeviceFacts, permitted: PermittedDevices,
        outOfService: [GrantedDevice: String] = [:]
    ) {
        let permittedPCI = Set(
            host.pciDevices.filter { device in
                permitted.pciHostDevices.contains {
                    !$0.externalResourceProvider && $0.selects(vendor: device.vendor, device: device.device)
                }
            }.map(\.address))
        let judge = Judge(host: host, facts: facts, permitted: permittedPCI, outOfService: outOfService)
        for entry in permitted.pciHostDevices { add(entry, host, judge) }
        for entry in permitted.mediatedDevices { add(entry, host, judge) }
        var taken: Set<USBDevice> = []
        for entry in permitted.usb { add(entry, facts, judge, &taken) }
    }

    /// The resource's devices and what could be made for it: what a node advertises.
    package func capacity(of resource: String) -> Int {
        (devices[resource]?.count ?? 0)
            + (offers[resource] ?? []).reduce(0) { $0 + min($1.type.availableInstances, 1 << 16) }
    }

    private mutating func add(_ entry: PermittedPCIDevice, _ host: Host, _ judge: Judge) {
        for device in host.pciDevices where entry.selects(vendor: device.vendor, device: device.device) {
            add(
                .pci(device.address), to: entry.resourceName,
                unless: entry.externalResourceProvider ? .providedElsewhere : judge.reason(against: device))
        }
    }

    private mutating func add(_ entry: PermittedMediatedDevice, _ host: Host, _ judge: Judge) {
        let wanted = MediatedDevices.selectorForm(entry.mdevNameSelector)
        for device in host.mediatedDevices where judge.mediatedName(of: device) == wanted {
            let granted = GrantedDevice.mdev(device.uuid.lowercased())
            add(
                granted, to: entry.resourceName,
                unless: entry.externalResourceProvider ? .providedElsewhere : judge.outOfService(granted))
        }
        guard !entry.externalResourceProvider else { return }
        let open = MediatedDevices.offers(host, named: entry.mdevNameSelector).filter { offer in
            offer.type.availableInstances > 0 && judge.outOfService(.pci(offer.parent)) == nil
        }
        if !open.isEmpty { offers[entry.resourceName] = open }
    }

    /// As KubeVirt's device plugin does: round by round one device for each selector, until one is not to be had.
    private mutating func add(
        _ entry: PermittedUSBDevice, _ facts: HostDeviceFacts, _ judge: Judge, _ taken: inout Set<USBDevice>
    ) {
        while true {
            var group: [USBDevice] = []
            for selector in entry.selectors {
                guard
                    let next = facts.usb.first(where: { device in
                        !taken.contains(device) && !group.contains(device)
                            && selector.selects(vendor: device.vendor, product: device.product)
                    })
                else { break }
                group.append(next)
            }
            let granted = group.map { GrantedDevice.usb(bus: $0.bus, device: $0.device) }
            guard let leader = granted.first else { return }
            guard group.count == entry.selectors.count else {
                return add(leader, to: entry.resourceName, unless: .incompleteUSBGroup)
            }
            taken.formUnion(group)
            let reason =
                entry.externalResourceProvider
                ? .providedElsewhere : group.lazy.compactMap { judge.reason(against: $0) }.first
            add(leader, to: entry.resourceName, unless: reason)
            if reason == nil, granted.count > 1 { companions[leader] = Array(granted.dropFirst()) }
        }
    }

    private mutating func add(_ device: GrantedDevice, to resource: String, unless reason: Unavailability?) {
        if let reason {
            unavailable.append(UnavailableDevice(device: "\(device)", resource: resource, reason: reason))
        } else if devices[resource]?.contains(device) != true {
            devices[resource, default: []].append(device)
        }
    }
}
