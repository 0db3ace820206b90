import HostModel

/// The labels that a Node bears for this host: KubeVirt's names, so that its scheduling rules find the node.
package enum NodeLabels {
    package static let schedulable = "kubevirt.io/schedulable"
    package static let accelerator = "virt-node.io/accelerator"
    package static let heartbeat = "kubevirt.io/heartbeat"
    /// An annotation: somebody else labels this node.
    package static let skip = "node-labeller.kubevirt.io/skip-node"

    private static let prefixes = [
        "cpu-model.node.kubevirt.io/", "cpu-model-migration.node.kubevirt.io/", "cpu-feature.node.kubevirt.io/",
        "cpu-timer.node.kubevirt.io/", "cpu-vendor.node.kubevirt.io/", "host-model-cpu.node.kubevirt.io/",
        "host-model-required-features.node.kubevirt.io/", "machine-type.node.kubevirt.io/",
        "hyperv.node.kubevirt.io/",
    ]
    private static let names: Set<String> = [
        schedulable, accelerator, "kubevirt.io/cpumanager", "kubevirt.io/realtime", "kubevirt.io/sev",
        "kubevirt.io/sev-es",
    ]
    /// libvirt's names of Hyper-V's features, and KubeVirt's.
    private static let hyperV = [
        "vpindex": "vpindex", "runtime": "runtime", "synic": "synic", "stimer": "synictimer", "reset": "reset",
        "frequencies": "frequencies", "reenlightenment": "reenlightenment", "tlbflush": "tlbflush", "ipi": "ipi",
    ]

    /// Whether a label is for us to write and to remove.
    package static func isOurs(_ label: String) -> Bool {
        names.contains(label) || prefixes.contains { label.hasPrefix($0) }
    }

    /// The labels that change with the agent's state, which stay ours where somebody else labels the node.
    package static func state(isSchedulable: Bool, _ facts: NodeFacts) -> [String: String] {
        var labels = [schedulable: isSchedulable ? "true" : "false"]
        if let choice = facts.accelerator { labels[accelerator] = choice.rawValue }
        return labels
    }

    /// All labels.
    package static func all(isSchedulable: Bool, _ facts: NodeFacts) -> [String: String] {
        var labels = state(isSchedulable: isSchedulable, facts)
        func set(_ prefix: String, _ names: [String]) {
            for name in names where isName(name) { labels["\(prefix).node.kubevirt.io/\(name)"] = "true" }
        }
        let domain = facts.domainCapabilities
        let hostModel = domain.hostModel.map { [$0] } ?? []
        set("cpu-model", domain.usableModels)
        set("cpu-model-migration", domain.usableModels + hostModel)
        set("host-model-cpu", hostModel)
        set("cpu-vendor", [domain.hostVendor ?? facts.capabilities.cpuVendor].compactMap { $0 })
        set("machine-type", facts.capabilities.machineTypes.map(\.name))
        if facts.labelsCPUFeatures {
            set("cpu-feature", domain.requiredFeatures)
            set("host-model-required-features", domain.requiredFeatures)
        }
        // What emulation calls Hyper-V is not what Windows was meant to find.
        if facts.accelerator == .kvm { set("hyperv", domain.hyperVFeatures.compactMap { hyperV[$0] }) }
        if let frequency = facts.capabilities.tscFrequency {
            labels["cpu-timer.node.kubevirt.io/tsc-frequency"] = "\(frequency)"
            labels["cpu-timer.node.kubevirt.io/tsc-scalable"] =
                facts.capabilities.isTSCScalable == true ? "true" : "false"
        }
        // The agent's own allocator gives dedicated CPUs.
        labels["kubevirt.io/cpumanager"] = "true"
        if facts.isRealtime { labels["kubevirt.io/realtime"] = "true" }
        if domain.hasSEV { labels["kubevirt.io/sev"] = "true" }
        if domain.hasSEVES { labels["kubevirt.io/sev-es"] = "true" }
        return labels
    }

    /// Whether Kubernetes takes a text as the name of a label.
    static func isName(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else {
            return false
        }
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isPlain(first) && isPlain(last)
            && text.utf8.allSatisfy { isPlain($0) || "-_.".utf8.contains($0) }
    }
}
