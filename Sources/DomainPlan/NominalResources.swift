import DomainModel
package import KubeVirtModel
import KubernetesModel

extension PreparedResources {
    /// Where everything would lie on a node: what `convert` shows on a machine that prepares nothing.
    package static func nominal(for instance: VirtualMachineInstance, images: String, folder: String)
        -> PreparedResources
    {
        var resources = PreparedResources(serialSocket: "\(folder)/serial0", vncSocket: "\(folder)/vnc")
        let devices = instance.spec.domain.devices
        let blockDevices = Set(devices.disks.lazy.filter { $0.lun != nil }.map(\.name))
        for volume in instance.spec.volumes {
            resources.disks[volume.name] = nominalDisk(
                volume, images: images, folder: folder, isBlockDevice: blockDevices.contains(volume.name))
        }
        for (index, interface) in devices.interfaces.enumerated() {
            let isUserMode = interface.passt != nil || interface.passtBinding != nil || interface.slirp != nil
            resources.interfaces[interface.name] =
                isUserMode
                ? PreparedInterface(source: .user, mac: nil)
                : PreparedInterface(source: .ethernet, target: .init(name: "tap\(index)", managed: false), mac: nil)
        }
        for filesystem in devices.filesystems {
            resources.filesystems[filesystem.name] = "\(folder)/virtiofs/\(filesystem.name).sock"
        }
        resources.addFirmware(instance, images: images, folder: folder)
        if devices.clientPassthrough != nil {
            resources.usbRedirectionSockets = (0..<4).map { "\(folder)/usbredir\($0)" }
        }
        if devices.downwardMetrics != nil { resources.metricsSocket = "\(folder)/downward-metrics" }
        resources.reservationSocket = "/run/virt-node/pr-helper.sock"
        return resources
    }

    private mutating func addFirmware(_ instance: VirtualMachineInstance, images: String, folder: String) {
        let firmware = instance.spec.domain.firmware
        if let container = firmware?.kernelBoot?.container, let path = container.kernelPath {
            kernel = PreparedKernel(
                kernel: "\(images)/kernel-boot/\(Self.lastComponent(path))",
                initrd: container.initrdPath.map { "\(images)/kernel-boot/\(Self.lastComponent($0))" })
        }
        if let efi = firmware?.bootloader?.efi {
            let secure = efi.secureBoot ?? true
            self.firmware = FirmwareLoader(
                path: secure ? "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd" : "/usr/share/OVMF/OVMF_CODE_4M.fd",
                secure: secure,
                variablesTemplate: secure ? "/usr/share/OVMF/OVMF_VARS_4M.ms.fd" : "/usr/share/OVMF/OVMF_VARS_4M.fd",
                variables: "\(folder)/nvram.fd")
        }
        for volume in [firmware?.acpi?.slicNameRef, firmware?.acpi?.msdmNameRef].compactMap({ $0 }) {
            acpiTables[volume] = "\(folder)/acpi/\(volume)"
        }
        if instance.metadata.annotations[Annotation.ignition] != nil { ignitionFile = "\(folder)/ignition.json" }
    }

    private static func lastComponent(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    private static func nominalDisk(
        _ volume: Volume, images: String, folder: String, isBlockDevice: Bool
    ) -> PreparedDisk {
        let path = "\(folder)/disks/\(volume.name)"
        if volume.containerDisk != nil {
            let backing = DomainDisk.Source.Backing(path: "\(images)/\(volume.name)", format: .qcow2)
            return PreparedDisk(source: .init(path: "\(path).qcow2", format: .qcow2, backing: [backing]), capacity: 0)
        }
        if let claim = volume.ephemeral?.persistentVolumeClaim {
            let backing = DomainDisk.Source.Backing(path: "\(images)/\(claim.claimName)", format: .raw)
            return PreparedDisk(source: .init(path: "\(path).qcow2", format: .qcow2, backing: [backing]), capacity: 0)
        }
        if volume.emptyDisk != nil {
            return PreparedDisk(source: .init(path: "\(path).qcow2", format: .qcow2), capacity: 0)
        }
        if let hostDisk = volume.hostDisk {
            return PreparedDisk(source: .init(path: hostDisk.path, format: .raw), capacity: 0)
        }
        if let claim = volume.persistentVolumeClaim {
            let source = DomainDisk.Source(path: "\(path).img", format: .raw, isBlockDevice: isBlockDevice)
            return PreparedDisk(source: source, capacity: 0, isReadOnly: claim.readOnly ?? false)
        }
        if volume.dataVolume != nil || volume.memoryDump != nil {
            let source = DomainDisk.Source(path: "\(path).img", format: .raw, isBlockDevice: isBlockDevice)
            return PreparedDisk(source: source, capacity: 0)
        }
        return PreparedDisk(
            source: .init(path: "\(path).iso", format: .raw), capacity: 0, isReadOnly: volume.downwardMetrics != nil)
    }
}
