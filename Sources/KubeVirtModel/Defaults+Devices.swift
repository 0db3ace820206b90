import KubernetesModel

extension VirtualMachineInstanceSpec {
    /// A volume that no disk and no file system names gets a disk, unless it is nothing that a guest reads as one.
    mutating func applyVolumeDefaults() {
        var named = Set(domain.devices.disks.map(\.name) + domain.devices.filesystems.map(\.name))
        for volume in volumes where volume.memoryDump == nil && volume.containerPath == nil {
            guard named.insert(volume.name).inserted else { continue }
            var disk = Disk()
            disk.name = volume.name
            domain.devices.disks.append(disk)
        }
        for index in domain.devices.disks.indices { domain.devices.disks[index].applyDefaults() }
        for index in volumes.indices { volumes[index].containerDisk?.applyDefaults() }
        domain.firmware?.kernelBoot?.container?.applyDefaults()
    }

    /// Without any interface and network, a VMI has one on the pod network, unless it declines.
    mutating func applyNetworkDefaults() {
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
}

extension Devices {
    /// A watchdog is an i6300esb that resets the guest, and a sound card an ich9, where they do not say.
    mutating func applyDefaults() {
        if watchdog != nil, watchdog?.i6300esb == nil, watchdog?.diag288 == nil {
            watchdog?.i6300esb = WatchdogI6300ESB()
        }
        if let device = watchdog?.i6300esb { watchdog?.i6300esb?.action = device.action ?? .reset }
        if let device = watchdog?.diag288 { watchdog?.diag288?.action = device.action ?? .reset }
        if let device = sound { sound?.model = device.model ?? .ich9 }
    }
}

extension Disk {
    /// A disk that says nothing is a SATA disk, as on amd64 in KubeVirt.
    fileprivate mutating func applyDefaults() {
        if disk == nil, lun == nil, cdrom == nil { disk = DiskTarget() }
        if disk != nil, disk?.bus == nil { disk?.bus = .sata }
        if lun != nil, lun?.bus == nil { lun?.bus = .sata }
        if cdrom != nil, cdrom?.bus == nil { cdrom?.bus = .sata }
        if cdrom != nil, cdrom?.readonly == nil { cdrom?.readonly = true }
    }

    package var bus: DiskBus { disk?.bus ?? lun?.bus ?? cdrom?.bus ?? .sata }
    package var isReadOnly: Bool { disk?.readonly ?? lun?.readonly ?? cdrom?.readonly ?? false }
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
    fileprivate mutating func applyDefaults() { imagePullPolicy = imagePullPolicy ?? .standard(for: image) }
}

extension KernelBootContainer {
    fileprivate mutating func applyDefaults() { imagePullPolicy = imagePullPolicy ?? .standard(for: image) }
}
