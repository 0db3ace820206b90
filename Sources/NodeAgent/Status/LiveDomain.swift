package import DomainModel
package import HostModel

/// What libvirt's live document says of a running domain.
package struct LiveDomain: Sendable, Equatable {
    package struct Interface: Sendable, Equatable {
        package var name: String
        package var mac: String
        package var linkState: String
        /// The host's device, such as `tap0`; none for networks of QEMU's own.
        package var device: String?
    }

    /// The machine type as QEMU resolved it, such as `pc-q35-7.2`.
    package var machine: String
    package var memoryBytes: Int64
    /// Whether QEMU executes the guest in software.
    package var isEmulated: Bool
    /// The Unix sockets of the serial console and of VNC; nil where the domain has none.
    package var serialSocket: String?
    package var vncSocket: String?
    /// Whether the guest's agent has opened its channel.
    package var isAgentConnected: Bool
    /// Target names by volume.
    package var targets: [String: String]
    package var interfaces: [Interface]
    /// vCPUs that are plugged in.
    package var vcpus: Int
    package var ioThreads: Int
    /// How many CPUs of the host its vCPUs are pinned to, summed over them; nil without pins.
    package var cpuAffinities: Int?
    /// Where threads without a pin of their own run; nil: anywhere.
    package var sharedCPUs: CPUSet?

    package init(_ xml: String) throws(XMLError) {
        let root = try XMLReader.read(xml)
        machine = root["os"]?["type"]?.attributes["machine"] ?? ""
        let memory = (Int64(root["memory"]?.text ?? "") ?? 0).multipliedReportingOverflow(by: 1024)
        memoryBytes = memory.overflow ? 0 : max(0, memory.partialValue)
        isEmulated = root.attributes["type"] == "qemu"
        let vcpu = root["vcpu"]
        vcpus = Self.count(vcpu?.attributes["current"] ?? vcpu?.text)
        ioThreads = Self.count(root["iothreads"]?.text)
        sharedCPUs = vcpu?.attributes["cpuset"].flatMap { CPUSet(list: $0) }
        let pins = root["cputune"]?.all("vcpupin") ?? []
        if !pins.isEmpty {
            cpuAffinities = pins.compactMap { $0.attributes["cpuset"].flatMap { CPUSet(list: $0) }?.count }.reduce(0, +)
        }
        let devices = root["devices"]
        serialSocket = devices?["serial"]?["source"]?.attributes["path"]
        vncSocket = devices?["graphics"].flatMap { $0["listen"]?.attributes["socket"] ?? $0.attributes["socket"] }
        isAgentConnected = (devices?.all("channel") ?? []).contains {
            $0["target"]?.attributes["name"] == "org.qemu.guest_agent.0"
                && $0["target"]?.attributes["state"] == "connected"
        }
        targets = [:]
        for disk in devices?.all("disk") ?? [] {
            guard let name = Self.userAlias(disk), let target = disk["target"]?.attributes["dev"] else { continue }
            targets[name] = target
        }
        interfaces = (devices?.all("interface") ?? []).compactMap { element in
            guard let name = Self.userAlias(element), let mac = element["mac"]?.attributes["address"] else {
                return nil
            }
            return Interface(
                name: name, mac: mac, linkState: element["link"]?.attributes["state"] ?? "up",
                device: element["target"]?.attributes["dev"])
        }
    }

    /// 32 bits, as libvirt counts; 0 for what is no count.
    private static func count(_ text: String?) -> Int { text.flatMap { UInt32($0) }.map { Int($0) } ?? 0 }

    private static func userAlias(_ element: XMLElement) -> String? {
        guard let alias = element["alias"]?.attributes["name"], alias.hasPrefix("ua-") else { return nil }
        return String(alias.dropFirst(3))
    }
}
