internal import KubeVirtModel

/// What a VMI may ask for that the compiler knows and a foreground run cannot make ready: it is refused before anything
/// is fetched or taken.
enum ForegroundLimits {
    /// The first field that cannot be given, and why.
    static func unmet(
        _ instance: VirtualMachineInstance, bindsDevices: Bool
    ) -> (field: String, reason: String)? {
        let devices = instance.spec.domain.devices
        let path = "spec.domain.devices"
        if !bindsDevices, !devices.gpus.isEmpty {
            return ("\(path).gpus", "a foreground run binds no devices of the host")
        }
        if !bindsDevices, !devices.hostDevices.isEmpty {
            return ("\(path).hostDevices", "a foreground run binds no devices of the host")
        }
        if !devices.filesystems.isEmpty { return ("\(path).filesystems", "a foreground run starts no virtiofs daemon") }
        if devices.downwardMetrics != nil {
            return ("\(path).downwardMetrics", "nobody answers for the host's metrics")
        }
        // libvirt keeps the state of such a TPM when the domain is undefined.
        if let tpm = devices.tpm, tpm.isOn, tpm.persistent ?? false, instance.spec.domain.firmware?.uuid == nil {
            return (
                "\(path).tpm.persistent",
                "libvirt finds a TPM's state by the domain's UUID, new in each run unless spec.domain.firmware.uuid is set"
            )
        }
        for (index, disk) in devices.disks.enumerated() where disk.lun?.reservation ?? false {
            return ("\(path).disks[\(index)].lun.reservation", "no daemon keeps SCSI reservations")
        }
        for (index, interface) in devices.interfaces.enumerated() where interface.state != .absent {
            if interface.sriov != nil && !bindsDevices || interface.macvtap != nil {
                return ("\(path).interfaces[\(index)]", "a foreground run binds no network devices of the host")
            }
        }
        if instance.spec.domain.firmware?.acpi != nil {
            return ("spec.domain.firmware.acpi", "a foreground run makes no ACPI tables")
        }
        return network(instance, bindsDevices: bindsDevices) ?? volume(instance)
    }

    private static func network(
        _ instance: VirtualMachineInstance, bindsDevices: Bool
    ) -> (field: String, reason: String)? {
        // The network of a virtual function names the resource that it is taken from.
        let functions = instance.spec.domain.devices.interfaces.filter { $0.sriov != nil }.map(\.name)
        for (index, network) in instance.spec.networks.enumerated()
        where network.pod == nil && !(bindsDevices && functions.contains(network.name)) {
            return ("spec.networks[\(index)]", "a foreground run has the pod network only, through QEMU's user mode")
        }
        return nil
    }

    private static func volume(_ instance: VirtualMachineInstance) -> (field: String, reason: String)? {
        for (index, volume) in instance.spec.volumes.enumerated() {
            let path = "spec.volumes[\(index)]"
            if volume.dataVolume != nil {
                return ("\(path).dataVolume", "data volumes need a cluster: use a persistentVolumeClaim or a hostDisk")
            }
            if volume.containerPath != nil { return ("\(path).containerPath", "container paths need a pod") }
            if volume.downwardMetrics != nil {
                return ("\(path).downwardMetrics", "nobody answers for the host's metrics")
            }
            if volume.memoryDump != nil { return ("\(path).memoryDump", "memory dumps need a cluster") }
            if volume.serviceAccount != nil { return ("\(path).serviceAccount", "service accounts need a cluster") }
        }
        return nil
    }
}
