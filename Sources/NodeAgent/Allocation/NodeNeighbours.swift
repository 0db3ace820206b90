internal import HostDevices
package import HostModel
internal import KubernetesModel
internal import Placement

/// Who else gives out CPUs, pages and devices of this node.
package enum NodeNeighbours {
    /// A kubelet, where there is one: nothing where not. The daemon's own configuration says what VMs may use.
    package static func findings(on host: Host) -> [Capability] {
        let root = HostRoot()
        let text = root.text(KubeletFacts.configurationFile)
        let fields = text.flatMap { try? DocumentReader().read($0).first }.map { flat($0) }
        let facts = KubeletFacts(probing: root, configuration: fields)
        guard facts.isPresent else { return [] }
        let configuration = (try? NodeConfiguration.load().configuration) ?? NodeConfiguration()
        let pools = CPUPools(host, allowed: MachineStarter.allowedCPUs, configuration.cpus)
        let inventory = DeviceInventory(
            host, HostDeviceFacts(probing: root, host: host), permitted: configuration.permittedHostDevices)
        let grant = Grant(cpus: pools.dedicated, devices: inventory.devices)
        return KubeletNeighbour(facts, grant: grant).findings(on: host)
    }

    /// `a.b` for the member b of a.
    private static func flat(_ node: DocumentNode, below prefix: String = "") -> [String: String] {
        switch node.value {
        case .object(let members):
            members.reduce(into: [:]) { result, member in
                result.merge(flat(member.value, below: prefix.isEmpty ? member.name : "\(prefix).\(member.name)")) {
                    $1
                }
            }
        case .array(let elements):
            elements.enumerated().reduce(into: [:]) { result, entry in
                result.merge(flat(entry.element, below: "\(prefix)[\(entry.offset)]")) { $1 }
            }
        case .string(let text), .number(let text): [prefix: text]
        case .bool(let bool): [prefix: bool ? "true" : "false"]
        case .null: [:]
        }
    }
}
