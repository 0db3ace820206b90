package import HostModel

/// What one VM may use. What living VMs hold of it is told apart, as ``PlacementUse``.
package struct Grant: Sendable, Hashable {
    /// `nil`: every online CPU of the host.
    package var cpus: CPUSet?
    /// The hugepages that may be used, never more than the host says are free. An entry without a cell bounds the sum
    /// over all cells, and allows each cell whatever is free there. `nil`: all that the host says are free.
    package var pages: [PageUse]?
    /// The devices of each resource, in the order in which they are given out. A device may stand under two resources:
    /// it is given once.
    package var devices: [String: [GrantedDevice]]

    package init(cpus: CPUSet? = nil, pages: [PageUse]? = nil, devices: [String: [GrantedDevice]] = [:]) {
        self.cpus = cpus
        self.pages = pages
        self.devices = devices
    }
}
