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
    /// A volume that no disk names gets one.
    fileprivate mutating func applyVolumeDefaults() {
        var named = Set(domain.devices.disks.map(\.name))
        for volume in volumes where named.insert(volume.name).inserted {
            var disk = Disk()
            disk.name = volume.name
            domain.devices.disks.append(disk)
        }
        for index in domain.devices.disks.indices {
            domain.devices.disks[index].applyDefaults()
        }
        for index in volumes.indices {
            volumes[index].containerDisk?.applyDefaults()
        }
        domain.firmware?.kernelBoot?.container?.applyDefaults()
    }

    /// Without any interface and network, a VMI has one on the pod network, unless it declines.
    fileprivate mutating func applyNetworkDefaults() {
        guard domain.devices.interfaces.isEmpty, networks.isEmpty, domain.devices.autoattachPodInterface ?? true else {
            return
        }
        var interface = Interface()
        interface.name = "default"
        interface.masquerade = EmptyObject()
        domain.devices.interfaces = [interface]
        var network = Network()
        network.name = "default"
        network.pod = PodNetwork()
        networks = [network]
    }

    fileprivate mutating func applyDomainDefaults() {
        architecture = architecture ?? "amd64"
        terminationGracePeriodSeconds = terminationGracePeriodSeconds ?? 30
        var machine = domain.machine ?? Machine()
        if machine.type?.isEmpty ?? true { machine.type = "q35" }
        domain.machine = machine
        domain.features = domain.features ?? Features()
        if domain.features?.acpi == nil { domain.features?.acpi = FeatureState() }
        var memory = domain.memory ?? Memory()
        memory.guest = memory.guest ?? domain.resources?.requests["memory"] ?? domain.resources?.limits["memory"]
        domain.memory = memory
        var cpu = domain.cpu ?? CPU()
        cpu.applyDefaults(resources: domain.resources)
        domain.cpu = cpu
    }
}

extension CPU {
    /// Without a topology, sockets come from the CPU limit, or the request, rounded up; never cores.
    fileprivate mutating func applyDefaults(resources: Resources?) {
        if (sockets ?? 0) == 0, (cores ?? 0) == 0, (threads ?? 0) == 0 {
            let amount = resources?.limits["cpu"] ?? resources?.requests["cpu"]
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

extension Disk {
    /// A disk that says nothing is a SATA disk, as on amd64 in KubeVirt.
    fileprivate mutating func applyDefaults() {
        if disk == nil, cdrom == nil { disk = DiskTarget() }
        if disk != nil, disk?.bus == nil { disk?.bus = .sata }
        if cdrom != nil, cdrom?.bus == nil { cdrom?.bus = .sata }
        if cdrom != nil, cdrom?.readonly == nil { cdrom?.readonly = true }
    }

    package var bus: DiskBus { disk?.bus ?? cdrom?.bus ?? .sata }
    package var isReadOnly: Bool { disk?.readonly ?? cdrom?.readonly ?? false }
}

extension ImagePullPolicy {
    /// Kubernetes' rule: a tag that may move is looked up each time.
    package static func standard(for image: String) -> ImagePullPolicy {
        guard !image.contains("@") else { return .ifNotPresent }
        let last = image.split(separator: "/").last ?? ""
        return !last.contains(":") || last.hasSuffix(":latest") ? .always : .ifNotPresent
    }
}

extension ContainerDiskSource {
    fileprivate mutating func applyDefaults() {
        imagePullPolicy = imagePullPolicy ?? .standard(for: image)
    }
}

extension KernelBootContainer {
    fileprivate mutating func applyDefaults() {
        imagePullPolicy = imagePullPolicy ?? .standard(for: image)
    }
}
