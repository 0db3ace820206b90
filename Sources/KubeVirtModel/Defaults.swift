import KubernetesModel

extension VirtualMachineInstance {
    /// Fills in what the API server and its webhooks would: the same spec, said in full.
    package mutating func applyDefaults() {
        apiVersion = "kubevirt.io/v1"
        spec.applyVolumeDefaults()
        spec.applyNetworkDefaults()
        spec.applyDomainDefaults()
    }
}

extension VirtualMachineInstanceSpec {
    fileprivate mutating func applyDomainDefaults() {
        architecture = architecture ?? "amd64"
        terminationGracePeriodSeconds = terminationGracePeriodSeconds ?? 30
        domain.machine = domain.machine ?? Machine()
        if domain.machine?.type?.isEmpty ?? true { domain.machine?.type = "q35" }
        domain.features = domain.features ?? Features()
        if domain.features?.acpi == nil { domain.features?.acpi = FeatureState() }
        domain.applyMemoryDefaults()
        domain.cpu = domain.cpu ?? CPU()
        domain.cpu?.applyDefaults(resources: domain.resources)
        domain.applyHyperVDefaults()
        domain.devices.applyDefaults()
    }
}

extension DomainSpec {
    /// Requests come from limits; the guest's memory from the request, the limit, or one hugepage; and the memory
    /// request, last of all, from the guest's memory.
    fileprivate mutating func applyMemoryDefaults() {
        var resources = resources ?? Resources()
        for name in ["cpu", "memory"] where resources.requests.amount(name) == nil {
            guard let limit = resources.limits.amount(name) else { continue }
            resources.requests[name] = limit
        }
        var memory = memory ?? Memory()
        memory.guest =
            memory.guest ?? resources.requests.amount("memory") ?? resources.limits.amount("memory")
            ?? memory.hugepages?.size
        if resources.requests["memory"] == nil, let guest = memory.guest { resources.requests["memory"] = guest }
        self.memory = memory
        self.resources = resources
    }
}

extension [String: Quantity] {
    /// An amount that is not nothing: zero counts as absent.
    fileprivate func amount(_ name: String) -> Quantity? { self[name].flatMap { $0.milli == 0 ? nil : $0 } }
}

extension CPU {
    /// Without a topology, sockets come from the CPU limit, or the request, rounded up; never cores.
    fileprivate mutating func applyDefaults(resources: Resources?) {
        if (sockets ?? 0) == 0, (cores ?? 0) == 0, (threads ?? 0) == 0 {
            let amount = resources?.limits.amount("cpu") ?? resources?.requests.amount("cpu")
            sockets = amount.map { UInt32(clamping: max(1, $0.roundedUp)) } ?? 1
        }
        sockets = max(1, sockets ?? 1)
        cores = max(1, cores ?? 1)
        threads = max(1, threads ?? 1)
        if model?.isEmpty ?? true { model = "host-model" }
    }

    /// vCPUs that the guest has at boot; the greatest number there is where the product is greater still.
    package var vcpus: UInt64 {
        let (product, overflow) = (UInt64(sockets ?? 1) * UInt64(cores ?? 1)).multipliedReportingOverflow(
            by: UInt64(threads ?? 1))
        return overflow ? .max : product
    }
}
