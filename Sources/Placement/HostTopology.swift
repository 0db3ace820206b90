package import HostModel

/// What placement needs of a host, laid out flat: made once a host, read for every VM.
///
/// Only online CPUs are in it, each once, in the first cell that lists it; the threads of a core that lie in another
/// cell count as a core of that cell.
package struct HostTopology: Sendable {
    struct Cell: Sendable {
        var id: Int
        /// Core by core, ascending inside a core; cores in the order of their first CPU.
        var threads: [Int]
        /// Where each core ends in `threads`.
        var coreEnds: [Int]
        /// The same CPUs as a set.
        var mask: CPUMask
        /// By size in bytes.
        var freePages: [Int64: Int]
        var distances: [Int: Int]
        /// The sockets of its CPUs.
        var sockets: Set<Int>
    }

    /// In the host's order.
    private(set) var cells: [Cell]
    let online: CPUMask
    /// The NUMA node of each PCI device by its address; -1 where the firmware names none.
    private let pciNodes: [String: Int]
    private let rootComplexes: [String: String]
    /// The way to each PCI device from its host bridge: `pci0000:40`, then the bridges.
    private let paths: [String: [String]]
    /// The address of the PCI device that a mediated device is part of, by its UUID.
    private let mediatedParents: [String: String]
    /// Ascending.
    let pageSizes: [Int64]

    package init(_ host: Host) {
        let cpus = host.cpus.filter { $0.isOnline && CPUMask.bounds.contains($0.id) }
        let siblings = Dictionary(cpus.map { ($0.id, $0.siblings) }) { first, _ in first }
        let sockets = Dictionary(cpus.map { ($0.id, $0.socket) }) { first, _ in first }
        online = CPUMask(cpus.map(\.id))
        var unseen = online
        cells = host.cells.map { cell in
            var threads: [Int] = []
            var coreEnds: [Int] = []
            let own = CPUMask(cell.cpus)
            for first in cell.cpus.ids where unseen.contains(first) {
                let core = Self.core(of: first, siblings: siblings[first])
                for id in core where own.contains(id) && unseen.contains(id) {
                    unseen.remove(id)
                    threads.append(id)
                }
                coreEnds.append(threads.count)
            }
            return Cell(
                id: cell.id, threads: threads, coreEnds: coreEnds, mask: CPUMask(threads),
                freePages: Self.pages(cell.hugepages), distances: cell.distances,
                sockets: Set(threads.compactMap { sockets[$0] ?? nil }))
        }
        pciNodes = Dictionary(
            host.pciDevices.map { ($0.address.lowercased(), $0.numaNode ?? -1) }
        ) { first, _ in first }
        rootComplexes = Dictionary(
            host.pciDevices.compactMap { device in device.rootComplex.map { (device.address.lowercased(), $0) } }
        ) { first, _ in first }
        paths = Self.paths(host.pciDevices)
        mediatedParents = Dictionary(
            host.mediatedDevices.compactMap { device in device.parent.map { (device.uuid.lowercased(), $0) } }
        ) { first, _ in first }
        pageSizes = Set(cells.flatMap(\.freePages.keys)).sorted()
    }

    var listsPCIDevices: Bool { !pciNodes.isEmpty }

    func hasPCIDevice(_ address: String) -> Bool { pciNodes[address] != nil }

    /// How much of their way two devices share: the steps from the host bridge down; 0 where they share none.
    func sharedSteps(_ device: GrantedDevice, _ other: GrantedDevice) -> Int {
        guard let one = path(of: device), let two = path(of: other) else { return 0 }
        return zip(one, two).prefix { $0 == $1 }.count
    }

    private func path(of device: GrantedDevice) -> [String]? {
        switch device {
        case .pci(let address): paths[address]
        case .mdev(let uuid): mediatedParents[uuid].flatMap { paths[$0] }
        case .usb: nil
        }
    }

    /// The CPUs that are near enough to all of these devices; `nil` where any may be taken.
    func reach(of devices: [PlacedDevice], _ locality: DeviceLocality) -> CPUMask? {
        let nodes = Set(devices.compactMap(\.numaNode))
        guard locality != .preferred, !nodes.isEmpty else { return nil }
        let sockets = cells.filter { nodes.contains($0.id) }.reduce(into: Set<Int>()) { $0.formUnion($1.sockets) }
        var mask = CPUMask()
        for cell in cells
        where nodes.contains(cell.id) || locality == .socket && !sockets.isDisjoint(with: cell.sockets) {
            mask.formUnion(cell.mask)
        }
        return mask
    }

    /// A host tells each device's bridge; a ring of them, as no host has, ends at the longest way that one can have.
    private static func paths(_ devices: [PCIDevice]) -> [String: [String]] {
        let parents = Dictionary(devices.map { ($0.address.lowercased(), $0.parent?.lowercased()) }) { first, _ in first
        }
        var paths: [String: [String]] = [:]
        for device in devices {
            var way: [String] = []
            var bridge = device.parent?.lowercased()
            while let current = bridge, way.count < 32 {
                way.append(current)
                bridge = parents[current] ?? nil
            }
            paths[device.address.lowercased()] = (device.rootComplex.map { [$0] } ?? []) + way.reversed()
        }
        return paths
    }

    /// The NUMA node of a PCI device, or of the one that a mediated device is part of; `nil` where unknown.
    func node(of device: GrantedDevice) -> Int? {
        let address: String? =
            switch device {
            case .pci(let address): address
            case .mdev(let uuid): mediatedParents[uuid]
            case .usb: nil
            }
        return address.flatMap { pciNodes[$0] }.flatMap { $0 < 0 ? nil : $0 }
    }

    /// The host bridge above a PCI device; `nil` where unknown.
    func rootComplex(of device: GrantedDevice) -> String? {
        guard case .pci(let address) = device else { return nil }
        return rootComplexes[address]
    }

    /// The host with the pages of these VMs counted as free: for a host that was read while they lived, and whose
    /// books are then handed to ``Placement/make(_:topology:grant:inUse:)``. Pages that may lie in any cell stay out,
    /// since nobody can say where they come back.
    package func returning(_ use: PlacementUse) -> HostTopology {
        var copy = self
        for index in copy.cells.indices {
            for size in copy.cells[index].freePages.keys {
                copy.cells[index].freePages[size, default: 0] += use.pages(cell: copy.cells[index].id, size: size)
            }
        }
        return copy
    }

    /// 10 is a cell itself; a distance that the host does not tell reads as 20, the firmware's word for "remote".
    func distance(from cell: Int, toCell id: Int) -> Int {
        cells[cell].distances[id] ?? (cells[cell].id == id ? 10 : 20)
    }

    private static func core(of first: Int, siblings: CPUSet?) -> [Int] {
        guard let siblings, siblings.contains(first) else { return [first] }
        return siblings.ids
    }

    /// Counts that no machine has are cut, so that sums cannot overflow.
    private static func pages(_ pools: [HugepagePool]) -> [Int64: Int] {
        var pages: [Int64: Int] = [:]
        for pool in pools where pool.sizeKiB > 0 && pool.sizeKiB < 1 << 40 {
            pages[Int64(pool.sizeKiB) << 10, default: 0] += min(max(pool.free, 0), 1 << 40)
        }
        return pages
    }
}
