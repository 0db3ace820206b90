package import HostModel

/// All that the Node object tells of this host.
package struct NodeFacts: Sendable {
    package struct Address: Sendable, Equatable {
        /// `InternalIP` or `Hostname`.
        package var type: String
        package var address: String

        package init(type: String, address: String) {
            self.type = type
            self.address = address
        }
    }

    package var name: String
    package var host: Host
    /// Nil until the probe is done.
    package var verdict: AcceleratorVerdict?
    package var capabilities = LibvirtCapabilities()
    package var domainCapabilities = DomainCapabilities()
    package var addresses: [Address] = []
    /// virt-node's own version.
    package var version = ""
    /// Empty until libvirt told them.
    package var libvirtVersion = ""
    package var qemuVersion = ""
    package var machineID = ""
    package var systemUUID = ""
    package var osImage = ""
    /// Whether the kernel lets real-time tasks have whole CPUs.
    package var isRealtime = false
    /// A label for each feature of the CPU.
    package var labelsCPUFeatures = false

    package init(name: String, host: Host) {
        self.name = name
        self.host = host
    }

    package var accelerator: AcceleratorVerdict.Choice? { verdict?.verdict }
}

extension NodeFacts {
    /// Reads what files tell.
    package mutating func probe(_ root: HostRoot) {
        machineID = root.text("/etc/machine-id") ?? ""
        systemUUID = root.text("/sys/class/dmi/id/product_uuid")?.lowercased() ?? machineID
        osImage = Self.prettyName(root.text("/etc/os-release") ?? "")
        // -1: no share of the CPU is kept from them.
        isRealtime = root.integer("/proc/sys/kernel/sched_rt_runtime_us") == -1
    }

    static func prettyName(_ release: String) -> String {
        let key = "PRETTY_NAME="
        guard let line = release.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return "" }
        return line.dropFirst(key.count).split(separator: "\"").first.map(String.init) ?? ""
    }
}
