import DomainModel
package import KubeVirtModel

extension PreparedResources {
    /// Where everything would lie on a node: what `convert` shows on a machine that prepares nothing.
    package static func nominal(for instance: VirtualMachineInstance, images: String, folder: String)
        -> PreparedResources
    {
        var resources = PreparedResources(serialSocket: "\(folder)/serial0", vncSocket: "\(folder)/vnc")
        for volume in instance.spec.volumes {
            resources.disks[volume.name] = nominalDisk(volume, images: images, folder: folder)
        }
        for interface in instance.spec.domain.devices.interfaces {
            resources.interfaces[interface.name] = PreparedInterface(source: .user, mac: nil)
        }
        let firmware = instance.spec.domain.firmware
        if let container = firmware?.kernelBoot?.container, let kernel = container.kernelPath {
            resources.kernel = PreparedKernel(
                kernel: "\(images)/kernel-boot/\(lastComponent(kernel))",
                initrd: container.initrdPath.map { "\(images)/kernel-boot/\(lastComponent($0))" })
        }
        if let efi = firmware?.bootloader?.efi {
            let secure = efi.secureBoot ?? true
            resources.firmware = FirmwareLoader(
                path: secure ? "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd" : "/usr/share/OVMF/OVMF_CODE_4M.fd",
                secure: secure,
                variablesTemplate: secure ? "/usr/share/OVMF/OVMF_VARS_4M.ms.fd" : "/usr/share/OVMF/OVMF_VARS_4M.fd",
                variables: "\(folder)/nvram.fd")
        }
        return resources
    }

    private static func lastComponent(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    private static func nominalDisk(_ volume: Volume, images: String, folder: String) -> PreparedDisk {
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
        return PreparedDisk(source: .init(path: "\(path).iso", format: .raw), capacity: 0)
    }
}
