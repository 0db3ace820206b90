import FoundationEssentials
package import HostModel

/// What is known of a kubelet on this node.
package struct KubeletFacts: Sendable, Hashable {
    /// Processes that are one, or hold one: `kubelet`, `k3s`.
    package var processes: [String]
    /// Fields of its configuration file by their path: `cpuManagerPolicy`, `systemReserved.cpu`; `nil` where there is
    /// no such file.
    package var configuration: [String: String]?
    package var cpuState: CPUManagerState?
    /// What the cgroup of all pods is confined to; `nil` where there is none.
    package var podCPUs: CPUSet?
    /// Sockets of device plugins, without the kubelet's own.
    package var devicePlugins: [String]
    /// Ids of devices by resource, as plugins told them to the kubelet.
    package var devices: [String: [String]]

    package init(
        processes: [String] = [], configuration: [String: String]? = nil, cpuState: CPUManagerState? = nil,
        podCPUs: CPUSet? = nil, devicePlugins: [String] = [], devices: [String: [String]] = [:]
    ) {
        self.processes = processes
        self.configuration = configuration
        self.cpuState = cpuState
        self.podCPUs = podCPUs
        self.devicePlugins = devicePlugins
        self.devices = devices
    }

    package var isPresent: Bool { !processes.isEmpty }
}

/// The kubelet's `cpu_manager_state`.
package struct CPUManagerState: Sendable, Hashable {
    /// `none` or `static`.
    package var policy: String
    /// What pods without CPUs of their own share; empty under the policy `none`: all.
    package var shared: CPUSet
    /// That single containers have for themselves.
    package var exclusive: CPUSet

    package init(policy: String, shared: CPUSet, exclusive: CPUSet) {
        self.policy = policy
        self.shared = shared
        self.exclusive = exclusive
    }
}

extension KubeletFacts {
    /// Where the kubelet's configuration lies, for whoever reads it: it is YAML.
    package static let configurationFile = "/var/lib/kubelet/config.yaml"
    private static let state = "/var/lib/kubelet/cpu_manager_state"
    private static let plugins = "/var/lib/kubelet/device-plugins"
    /// As the drivers systemd and cgroupfs name it, under cgroup v2.
    private static let podGroups = ["kubepods.slice", "kubepods"]
    private static let programs = ["kubelet", "kubelite", "k3s", "k3s-server", "k3s-agent", "rke2"]

    package init(probing root: HostRoot, configuration: [String: String]?) {
        let processes = root.names(in: "/proc").filter { UInt32($0) != nil }.compactMap {
            root.text("/proc/\($0)/comm")
        }
        let names = root.names(in: Self.plugins)
        self.init(
            processes: Set(processes).intersection(Self.programs).sorted(), configuration: configuration,
            cpuState: CPUManagerState(json: root.text(Self.state) ?? ""),
            podCPUs: Self.podGroups.lazy.compactMap { root.text("/sys/fs/cgroup/\($0)/cpuset.cpus.effective") }.first
                .flatMap { CPUSet(list: $0) },
            devicePlugins: names.filter { $0.hasSuffix(".sock") && $0 != "kubelet.sock" },
            devices: Checkpoint.devices(root.text("\(Self.plugins)/kubelet_internal_checkpoint") ?? ""))
    }
}

extension CPUManagerState {
    /// `{"policyName":"static","defaultCpuSet":"0-3","entries":{"UID":{"CONTAINER":"4-5"}}}`; `nil` for other texts.
    init?(json: String) {
        struct File: Decodable {
            var policyName: String
            var defaultCpuSet: String?
            var entries: [String: [String: String]]?
        }
        guard let file = try? JSONDecoder().decode(File.self, from: Data(json.utf8)) else { return nil }
        let own = (file.entries ?? [:]).values.flatMap(\.values).compactMap { CPUSet(list: $0) }
        self.init(
            policy: file.policyName, shared: CPUSet(list: file.defaultCpuSet ?? "") ?? CPUSet([]),
            exclusive: own.reduce(CPUSet([])) { $0.union($1) })
    }
}

/// The kubelet's `kubelet_internal_checkpoint`: which devices plugins have told it.
private enum Checkpoint {
    private struct File: Decodable {
        struct Data: Decodable {
            var RegisteredDevices: [String: [String]?]?
        }
        var Data: Data
    }

    static func devices(_ json: String) -> [String: [String]] {
        guard let file = try? JSONDecoder().decode(File.self, from: FoundationEssentials.Data(json.utf8)) else {
            return [:]
        }
        return (file.Data.RegisteredDevices ?? [:]).compactMapValues { $0 }
    }
}
