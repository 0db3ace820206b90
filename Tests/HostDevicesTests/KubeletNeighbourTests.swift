import HostModel
import Placement
import Testing

@testable import HostDevices

@Suite struct KubeletNeighbourTests {
    private static func findings(
        _ facts: KubeletFacts, cpus: CPUSet? = CPUSet(4...7), devices: [String: [GrantedDevice]] = [:],
        pages: [HugepagePool] = []
    ) -> [String: Capability] {
        let host = Host(
            kernel: Kernel(release: "", bootID: "", commandLine: []),
            cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []),
            cpus: (0..<8).map { HostCPU(id: $0, socket: 0, core: $0, siblings: CPUSet([$0]), cell: 0) }, cells: [],
            memoryKiB: 1, memoryAvailableKiB: 1, pciDevices: [], hugepages: pages)
        let found = KubeletNeighbour(facts, grant: Grant(cpus: cpus, devices: devices)).findings(on: host)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }

    @Test("without a kubelet there is nothing to say")
    func none() { #expect(Self.findings(KubeletFacts()).isEmpty) }

    @Test("a kubelet without a policy lets pods on the CPUs of VMs")
    func noPolicy() {
        let found = Self.findings(KubeletFacts(processes: ["kubelet"], configuration: [:]))["kubelet-cpus"]
        #expect(found?.state == .degraded)
        #expect(found?.evidence == "CPU manager policy none; pods may use 0-7, VMs 4-7; both 4-7")
        #expect(found?.remedy?.hasSuffix("kubepods.slice AllowedCPUs=0-3") == true)
    }

    @Test(
        "the static policy keeps pods off where its shared set and its containers' own do",
        arguments: [
            ("0-3", "", .ok), ("0-3", "4", .degraded), ("0-5", "", .degraded), ("", "", .degraded),
        ] as [(String, String, Capability.State)])
    func staticPolicy(shared: String, own: String, state: Capability.State) throws {
        let json =
            "{\"policyName\":\"static\",\"defaultCpuSet\":\"\(shared)\",\"entries\":{\"uid\":{\"main\":\"\(own)\"}}}"
        let facts = KubeletFacts(processes: ["kubelet"], configuration: nil, cpuState: CPUManagerState(json: json))
        #expect(Self.findings(facts)["kubelet-cpus"]?.state == state)
    }

    @Test("strictly reserved CPUs are out of every pod's reach")
    func strict() {
        let facts = KubeletFacts(
            processes: ["kubelet"],
            configuration: [
                "cpuManagerPolicy": "static", "reservedSystemCPUs": "4-7",
                "cpuManagerPolicyOptions.strict-cpu-reservation": "true",
            ])
        #expect(Self.findings(facts)["kubelet-cpus"]?.state == .ok)
    }

    @Test("pods that their cgroup confines share nothing, whatever the policy")
    func confined() {
        let facts = KubeletFacts(processes: ["k3s"], podCPUs: CPUSet(0...3))
        #expect(Self.findings(facts)["kubelet-cpus"]?.evidence == "CPU manager policy none; pods may use 0-3, VMs 4-7")
    }

    @Test("hugepages that the kubelet does not reserve are offered to pods")
    func hugepages() {
        let pages = [HugepagePool(sizeKiB: 2048, total: 8, free: 8), HugepagePool(sizeKiB: 1 << 20, total: 4, free: 4)]
        var facts = KubeletFacts(processes: ["kubelet"], configuration: ["systemReserved.hugepages-2Mi": "16Mi"])
        let found = Self.findings(facts, pages: pages)["kubelet-hugepages"]
        #expect(found?.state == .degraded && found?.remedy?.contains("hugepages-1Gi: 4096Mi") == true)
        facts.configuration?["systemReserved.hugepages-1Gi"] = "4Gi"
        #expect(Self.findings(facts, pages: pages)["kubelet-hugepages"]?.state == .ok)
    }

    @Test("a device that a plugin tells the kubelet, and VMs are granted, is offered twice")
    func devices() {
        let facts = KubeletFacts(
            processes: ["kubelet"], devicePlugins: ["sriov.sock"],
            devices: ["intel.com/vf": ["0000:44:00.1"], "nvidia.com/H100": ["GPU-1"]])
        let found = Self.findings(
            facts, devices: ["example.com/nic": [.pci("0000:44:00.1")], "nvidia.com/H100": []])["kubelet-devices"]
        #expect(found?.state == .degraded)
        #expect(found?.evidence.hasSuffix("both offered nvidia.com/H100, 0000:44:00.1") == true)
        let other = Self.findings(KubeletFacts(processes: ["kubelet"], devicePlugins: ["gpu.sock"]))
        #expect(other["kubelet-devices"]?.state == .ok)
    }

    @Test("the facts are read from the kubelet's own files, garbage is none")
    func probe() throws {
        let folder = try HostFolder()
        try folder.write("/proc/812/comm", "kubelet\n")
        try folder.write("/proc/813/comm", "bash\n")
        let kubelet = "/var/lib/kubelet"
        try folder.write("\(kubelet)/cpu_manager_state", "{\"policyName\":\"none\",\"defaultCpuSet\":\"\"}")
        for socket in ["kubelet.sock", "nvidia.sock"] { try folder.write("\(kubelet)/device-plugins/\(socket)", "") }
        let checkpoint = "\(kubelet)/device-plugins/kubelet_internal_checkpoint"
        try folder.write(checkpoint, "{\"Data\":{\"RegisteredDevices\":{\"a/b\":[\"x\"],\"c/d\":null}},\"Checksum\":1}")
        try folder.write("/sys/fs/cgroup/kubepods.slice/cpuset.cpus.effective", "0-3\n")
        let facts = KubeletFacts(probing: folder.root, configuration: nil)
        #expect(facts.podCPUs == CPUSet(0...3))
        #expect(facts.processes == ["kubelet"] && facts.devicePlugins == ["nvidia.sock"])
        #expect(facts.cpuState?.policy == "none" && facts.devices == ["a/b": ["x"]])
        for file in ["\(kubelet)/cpu_manager_state", checkpoint] { try folder.write(file, "\u{0}{[") }
        let garbage = KubeletFacts(probing: folder.root, configuration: nil)
        #expect(garbage.cpuState == nil && garbage.devices == [:])
    }
}
