package import HostModel

/// Why a VM does not fit, or why an entry of a grant or of the books is wrong.
package enum PlacementError: Error, Sendable, Hashable {
    case unevenTopology(name: String, vcpus: Int, threadsPerCore: Int)
    case notEnoughCPUs(name: String, need: CPUNeed, free: [CellCount])
    /// Enough CPUs, but a guest core would lie in two cells.
    case coresCrossCells(name: String, need: CPUNeed, free: [CellCount])
    /// The CPUs lie in more cells than there are pages of memory.
    case tooManyCells(name: String, need: CPUNeed, pages: Int, pageSizeBytes: Int64, free: [CellCount])
    case numaWithoutDedicatedCPUs(name: String)
    case numaWithoutHugepages(name: String)
    case memoryNotWholePages(name: String, memoryBytes: Int64, pageSizeBytes: Int64)
    /// Not enough CPUs near the devices that the VM gets.
    case notNearDevices(
        name: String, locality: DeviceLocality, need: CPUNeed, free: [CellCount], devices: [GrantedDevice])
    case badSharedVCPUs(name: String, vcpus: Int, shared: CPUSet)
    /// Shared vCPUs beside NUMA passthrough, or beside guest cores of several threads.
    case sharedVCPUsOfCores(name: String)
    case noPagesOfSize(name: String, pageSizeBytes: Int64, offered: [Int64])
    case notEnoughPages(name: String, pageSizeBytes: Int64, needed: Int, free: Int, cells: [CellCount])
    case cellLacksPages(name: String, cell: Int, pageSizeBytes: Int64, needed: Int, free: Int)
    case unknownCell(name: String, cell: Int, cells: [Int])
    case notEnoughDevices(name: String, resource: String, needed: Int, granted: Int, inUse: Int)
    case deviceGrantedTwice(name: String, resource: String, device: GrantedDevice)
    case unknownDevice(name: String, resource: String, device: GrantedDevice)
    case notADeviceAddress(String)
    case impossibleCPU(Int)
    case impossiblePages(PageUse)
    case alreadyTaken(cpus: CPUSet, devices: [GrantedDevice])
    case notTaken(cpus: CPUSet, devices: [GrantedDevice])
}

/// What one cell of the host has.
package struct CellCount: Sendable, Hashable {
    package var cell: Int
    package var count: Int

    package init(cell: Int, count: Int) {
        self.cell = cell
        self.count = count
    }
}
