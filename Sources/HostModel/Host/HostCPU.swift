/// One online logical CPU.
package struct HostCPU: Sendable, Hashable, Codable {
    package var id: Int
    package var socket: Int
    package var core: Int
    /// The threads of its core, itself among them.
    package var siblings: CPUSet

    package init(id: Int, socket: Int, core: Int, siblings: CPUSet) {
        self.id = id
        self.socket = socket
        self.core = core
        self.siblings = siblings
    }
}

extension HostCPU {
    static func probe(_ root: HostRoot) -> [HostCPU] {
        let folder = "/sys/devices/system/cpu"
        let online = CPUSet(list: root.text("\(folder)/online") ?? "") ?? CPUSet([])
        return online.ids.map { id in
            let topology = "\(folder)/cpu\(id)/topology"
            // Kernels before 5.1 know only the older name.
            let list = root.text("\(topology)/core_cpus_list") ?? root.text("\(topology)/thread_siblings_list") ?? ""
            let siblings = CPUSet(list: list) ?? CPUSet([])
            return HostCPU(
                id: id, socket: root.integer("\(topology)/physical_package_id") ?? 0,
                core: root.integer("\(topology)/core_id") ?? id, siblings: siblings.isEmpty ? CPUSet([id]) : siblings)
        }
    }
}
