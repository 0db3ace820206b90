package import HostModel
package import Placement

/// Says where pods and VMs of one node could share what each believes its own: lines of `virt-node doctor`.
package struct KubeletNeighbour: Sendable, Hashable {
    package var facts: KubeletFacts
    /// What VMs may use: the daemon's grant.
    package var grant: Grant

    package init(_ facts: KubeletFacts, grant: Grant) {
        self.facts = facts
        self.grant = grant
    }

    /// Empty where there is no kubelet.
    package func findings(on host: Host) -> [Capability] {
        guard facts.isPresent else { return [] }
        return [cpus(host), hugepages(host), devices]
    }

    private func cpus(_ host: Host) -> Capability {
        let vms = grant.cpus ?? host.onlineCPUs
        let pods = podCPUs(host)
        let both = pods.intersection(vms)
        let remedy =
            "Set cpuManagerPolicy: static, reservedSystemCPUs: \"\(vms)\" and cpuManagerPolicyOptions: "
            + "{strict-cpu-reservation: \"true\"} in \(KubeletFacts.configurationFile), remove cpu_manager_state and "
            + "restart the kubelet; or at once: systemctl set-property kubepods.slice "
            + "AllowedCPUs=\(host.onlineCPUs.subtracting(vms))"
        let known = facts.cpuState != nil || facts.configuration != nil || facts.podCPUs != nil
        return Capability(
            id: "kubelet-cpus", title: "kubelet: CPUs", state: !known ? .unknown : both.isEmpty ? .ok : .degraded,
            evidence: known
                ? "CPU manager policy \(policy ?? "none"); pods may use \(pods.shown), VMs \(vms.shown)"
                    + (both.isEmpty ? "" : "; both \(both.shown)")
                : "Neither \(KubeletFacts.configurationFile) nor cpu_manager_state can be read.",
            remedy: known ? remedy : "Run as root, and give a container its host's /var/lib/kubelet.")
    }

    private func hugepages(_ host: Host) -> Capability {
        let sizes = host.hugepages.filter { $0.total > 0 }
        let reserved = (facts.configuration ?? [:]).keys.filter {
            $0.hasPrefix("systemReserved.hugepages-") || $0.hasPrefix("reservedMemory")
        }
        let free = sizes.filter { pool in !reserved.contains { $0.hasSuffix(pool.kubernetesName) } }
        return Capability(
            id: "kubelet-hugepages", title: "kubelet: hugepages", state: free.isEmpty ? .ok : .degraded,
            evidence: sizes.isEmpty
                ? "The host has none."
                : free.isEmpty
                    ? "The kubelet keeps off \(sizes.map(\.kubernetesName).joined(separator: ", "))."
                    : "The kubelet offers all of \(free.map(\.kubernetesName).joined(separator: ", ")) to pods, "
                        + "and VMs take of the same.",
            remedy: "Add what VMs use to systemReserved in \(KubeletFacts.configurationFile): "
                + free.map { "\($0.kubernetesName): \($0.kubernetesAmount)" }.joined(separator: ", ") + ".")
    }

    private var devices: Capability {
        let resources = Set(facts.devices.keys).intersection(grant.devices.keys).sorted()
        let ids = Set(facts.devices.values.joined().map { $0.lowercased() })
        let shared = Set(grant.devices.values.joined().map(\.description)).intersection(ids).sorted()
        let both = resources + shared
        let plugins = facts.devicePlugins
        return Capability(
            id: "kubelet-devices", title: "kubelet: devices",
            state: !both.isEmpty ? .degraded : plugins.isEmpty || grant.devices.isEmpty ? .ok : .unknown,
            evidence: plugins.isEmpty && both.isEmpty
                ? "No device plugin."
                : "Device plugins \(plugins.joined(separator: ", "))"
                    + (both.isEmpty ? "" : "; pods and VMs are both offered \(both.joined(separator: ", "))"),
            remedy: both.isEmpty
                ? "See that none of them offers the devices of permittedHostDevices."
                : "Keep the plugin off this node or off these devices, or set externalResourceProvider.")
    }

    /// What the file says holds after the next restart, the state since the last: both may be wrong for a while.
    private var policy: String? { facts.configuration?["cpuManagerPolicy"] ?? facts.cpuState?.policy }

    /// Under the policy `none`, and in its shared set, `reservedSystemCPUs` keeps nobody off: but pods that ask for
    /// whole CPUs get none of them, and with `strict-cpu-reservation` no pod does.
    private func podCPUs(_ host: Host) -> CPUSet {
        let all = facts.podCPUs.map { $0.intersection(host.onlineCPUs) } ?? host.onlineCPUs
        guard (policy ?? "none") == "static" else { return all }
        let exclusive = facts.cpuState?.exclusive ?? CPUSet([])
        let shared = facts.cpuState.map { $0.shared.isEmpty ? all : $0.shared } ?? all
        let isStrict = facts.configuration?["cpuManagerPolicyOptions.strict-cpu-reservation"] == "true"
        let reserved = facts.configuration?["reservedSystemCPUs"].flatMap { CPUSet(list: $0) } ?? CPUSet([])
        return (isStrict ? shared.subtracting(reserved) : shared).union(exclusive).intersection(all)
    }
}

extension CPUSet {
    fileprivate var shown: String { isEmpty ? "none" : "\(self)" }
}

extension HugepagePool {
    /// `hugepages-2Mi`.
    fileprivate var kubernetesName: String {
        sizeKiB % (1 << 20) == 0 ? "hugepages-\(sizeKiB >> 20)Gi" : "hugepages-\(sizeKiB >> 10)Mi"
    }

    /// All of them: `16Gi`.
    fileprivate var kubernetesAmount: String {
        let (kibibytes, overflow) = sizeKiB.multipliedReportingOverflow(by: UInt64(max(total, 0)))
        return overflow ? "all" : "\(kibibytes >> 10)Mi"
    }
}
