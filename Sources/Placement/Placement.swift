package import HostModel

/// Which CPUs, pages and devices one VM gets.
///
/// It is a value of numbers only and goes into the domain's metadata, so that whoever adopts the VM knows what it
/// holds. Everything here is pure: the same host, grant, use and request give the same placement.
///
/// How CPUs are chosen, here for three guest cores of two threads (`a`, `b`, `c`), one pool I/O thread (`i`) and one
/// isolated emulator thread (`e`). A column is a host core with its two threads; `.` is not granted or in use, and `-`
/// stays free:
///
///                cell 0          cell 1
///     core       0  1  2  3      4  5  6  7
///     thread 0   a  .  b  e      c  -  -  -
///     thread 1   a  i  b  .      c  -  -  -
///
/// 1. A host core with at least `threadsPerCore` free threads is full; the free threads of the others are the cell's
///    fragments (those of the cores 1 and 3).
/// 2. Guest cores go on full cores, cell by cell. What is left of a core serves the next guest core while it is
///    enough, and then becomes fragments.
/// 3. Then guest cores are put together of fragments of one cell, and last, without NUMA passthrough, of any.
/// 4. Then each pool I/O thread and each isolated emulator CPU takes the first free thread in the order of the cells,
///    of a cell the fragments first.
///
/// With the default order of cells these are the pins that KubeVirt makes of the same CPU set. Under NUMA passthrough
/// the pages decide too: see ``GuestCells``.
package struct Placement: Sendable, Hashable, Codable {
    /// The host CPU of each vCPU that has one of its own, in their order; empty without dedicated CPUs.
    package var vcpuPins: [Int]
    /// vCPUs that run on the CPUs of all; nil where every one has its own, or none.
    package var sharedVCPUs: CPUSet?
    /// The CPU of each I/O thread of the supplemental pool.
    package var ioThreadPins: [Int]
    /// What the isolated emulator thread runs on; empty without one.
    package var emulatorPins: CPUSet
    /// The guest's NUMA cells under passthrough, by guest id.
    package var cells: [PlacedCell]
    package var pages: [PageUse]
    /// In the order of the request.
    package var devices: [PlacedDevice]
    package var warnings: [PlacementWarning]

    package init(
        vcpuPins: [Int] = [], sharedVCPUs: CPUSet? = nil, ioThreadPins: [Int] = [], emulatorPins: CPUSet = CPUSet([]),
        cells: [PlacedCell] = [],
        pages: [PageUse] = [], devices: [PlacedDevice] = [], warnings: [PlacementWarning] = []
    ) {
        self.vcpuPins = vcpuPins
        self.sharedVCPUs = sharedVCPUs
        self.ioThreadPins = ioThreadPins
        self.emulatorPins = emulatorPins
        self.cells = cells
        self.pages = pages
        self.devices = devices
        self.warnings = warnings
    }

    /// All CPUs that are the VM's own.
    package var ownCPUs: [Int] { vcpuPins + ioThreadPins + emulatorPins.ids }

    /// The CPU of each vCPU that has one.
    package var pinnedVCPUs: [(vcpu: Int, cpu: Int)] {
        guard let sharedVCPUs else { return vcpuPins.enumerated().map { ($0, $1) } }
        let own = (0..<vcpuPins.count + sharedVCPUs.count).filter { !sharedVCPUs.contains($0) }
        return zip(own, vcpuPins).map { ($0, $1) }
    }
}

/// A guest cell of NUMA passthrough; its id in the guest is its index in ``Placement/cells``.
package struct PlacedCell: Sendable, Hashable, Codable {
    package var hostCell: Int
    /// Ascending.
    package var vcpus: [Int]
    package var memoryBytes: Int64
    package var pageSizeBytes: Int64
    package var pages: Int
    /// To each placed cell, in their order, as the host's firmware tells them.
    package var distances: [Int]

    package init(
        hostCell: Int, vcpus: [Int], memoryBytes: Int64, pageSizeBytes: Int64, pages: Int, distances: [Int]
    ) {
        self.hostCell = hostCell
        self.vcpus = vcpus
        self.memoryBytes = memoryBytes
        self.pageSizeBytes = pageSizeBytes
        self.pages = pages
        self.distances = distances
    }
}

/// A number of hugepages of one size.
package struct PageUse: Sendable, Hashable, Codable {
    /// The host's cell; `nil`: of any cells.
    package var cell: Int?
    package var pageSizeBytes: Int64
    package var count: Int

    package init(cell: Int?, pageSizeBytes: Int64, count: Int) {
        self.cell = cell
        self.pageSizeBytes = pageSizeBytes
        self.count = count
    }
}

/// A device that a VM gets for one of its requests.
package struct PlacedDevice: Sendable, Hashable, Codable {
    package var name: String
    package var resource: String
    package var device: GrantedDevice
    /// `nil` where the host tells none.
    package var numaNode: Int?
    /// The host bridge above a PCI device, such as `pci0000:40`; `nil` where the host tells none.
    package var rootComplex: String?

    package init(
        name: String, resource: String, device: GrantedDevice, numaNode: Int? = nil, rootComplex: String? = nil
    ) {
        self.name = name
        self.resource = resource
        self.device = device
        self.numaNode = numaNode
        self.rootComplex = rootComplex
    }
}

/// What could not be checked.
package enum PlacementWarning: Sendable, Hashable, Codable {
    /// The host lists no PCI device at all, so nobody knows whether this one is there.
    case deviceNotChecked(name: String, device: GrantedDevice)
}

extension PlacementWarning: CustomStringConvertible {
    package var description: String {
        switch self {
        case .deviceNotChecked(let name, let device):
            "device \"\(name)\": the host lists no PCI devices, so \(device) was not looked for"
        }
    }
}
