/// Gives each requested device of a VM one that is granted and not in use.
///
/// Requests draw in their order. A granter that has the whole node to choose from gives each the free device of its
/// resource that lies best beside what the VM has already: on the anchor cell, then behind the same PCIe switch as a
/// device of another resource that has no such neighbour yet, so that each GPU gets its NIC. Else, and where several are
/// alike, the first one is given. Where a device stands under two resources
/// and an earlier request took it from one that has no other, the earlier one moves on: so a VM gets its devices
/// whenever there is any way.
struct DeviceAssignment {
    private let request: PlacementRequest
    private let topology: HostTopology
    private let grant: Grant
    private let inUse: PlacementUse
    /// The NUMA node whose devices are given first.
    private let anchor: Int?
    /// Which request holds a device.
    private var holders: [GrantedDevice: Int] = [:]

    init(
        _ request: PlacementRequest, _ topology: HostTopology, _ grant: Grant, _ inUse: PlacementUse, anchor: Int? = nil
    ) {
        self.anchor = anchor
        self.request = request
        self.topology = topology
        self.grant = grant
        self.inUse = inUse
    }

    consuming func assign() throws(PlacementError) -> ([PlacedDevice], [PlacementWarning]) {
        for resource in request.devices.map(\.resource) { try checkGranted(resource) }
        for index in request.devices.indices {
            var seen: Set<GrantedDevice> = []
            guard give(index, seen: &seen) else { throw shortage(request.devices[index].resource) }
        }
        var placed: [PlacedDevice] = []
        var warnings: [PlacementWarning] = []
        let given = Dictionary(holders.map { ($1, $0) }) { first, _ in first }
        for (index, wanted) in request.devices.enumerated() {
            guard let device = given[index] else { continue }
            if case .pci = device, !topology.listsPCIDevices {
                warnings.append(.deviceNotChecked(name: wanted.name, device: device))
            }
            placed.append(
                PlacedDevice(
                    name: wanted.name, resource: wanted.resource, device: device, numaNode: topology.node(of: device),
                    rootComplex: topology.rootComplex(of: device)))
        }
        return (placed, warnings)
    }

    /// A list that names a device twice, or one that the host lacks, is a mistake of whoever grants.
    private func checkGranted(_ resource: String) throws(PlacementError) {
        var seen: Set<GrantedDevice> = []
        for device in grant.devices[resource] ?? [] {
            guard seen.insert(device).inserted else {
                throw .deviceGrantedTwice(name: request.name, resource: resource, device: device)
            }
            if case .pci(let address) = device, topology.listsPCIDevices, !topology.hasPCIDevice(address) {
                throw .unknownDevice(name: request.name, resource: resource, device: device)
            }
        }
    }

    private mutating func give(_ index: Int, seen: inout Set<GrantedDevice>) -> Bool {
        let candidates = (grant.devices[request.devices[index].resource] ?? []).filter { !inUse.holds($0) }
        if let free = best(candidates.filter { holders[$0] == nil }, for: index) {
            holders[free] = index
            return true
        }
        for device in candidates where seen.insert(device).inserted {
            guard let holder = holders[device], give(holder, seen: &seen) else { continue }
            holders[device] = index
            return true
        }
        return false
    }

    private func best(_ free: [GrantedDevice], for index: Int) -> GrantedDevice? {
        guard request.preferredCells == .nearDevices, request.devices.count > 1 || anchor != nil else {
            return free.first
        }
        let resource = request.devices[index].resource
        var best: (device: GrantedDevice, score: (Int, Int))?
        for device in free {
            let node = topology.node(of: device)
            var beside = 0
            for (other, holder) in holders {
                let steps = topology.sharedSteps(device, other)
                // A neighbour of the same kind has had the place beside the one of another kind.
                beside += request.devices[holder].resource == resource ? -steps : steps
            }
            let score = (anchor == nil || node == anchor ? 0 : -1, beside)
            if best.map({ score > $0.score }) ?? true { best = (device, score) }
        }
        return best?.device
    }

    private func shortage(_ resource: String) -> PlacementError {
        let granted = grant.devices[resource] ?? []
        let needed = request.devices.count { $0.resource == resource }
        return .notEnoughDevices(
            name: request.name, resource: resource, needed: needed, granted: granted.count,
            inUse: granted.count(where: inUse.holds))
    }
}
