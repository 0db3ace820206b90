package import DomainModel
package import KubeVirtModel
import KubernetesModel

extension VirtualMachineInstance {
    /// Gives a file that names no uid the one of the other: it is the API's to give, and no difference of the two.
    package mutating func adoptUID(of other: VirtualMachineInstance) {
        metadata.uid = metadata.uid ?? other.metadata.uid
    }

    /// This VMI as the next version of one that runs as `domain`: with its name, its uid and its status, so that disks
    /// keep the names that they have.
    package func succeeding(_ running: VirtualMachineInstance, as domain: Domain) -> VirtualMachineInstance {
        var next = self
        next.metadata.name = running.metadata.name
        next.metadata.namespace = running.metadata.namespace
        next.adoptUID(of: running)
        var status = running.status ?? VirtualMachineInstanceStatus()
        let known = Set(status.volumeStatus.map(\.name))
        for disk in domain.devices.disks {
            // The alias is the disk's name behind the prefix that libvirt keeps for a user's own.
            let name = String(disk.alias.dropFirst(3))
            guard !known.contains(name) else { continue }
            var volume = VolumeStatus()
            volume.name = name
            volume.target = disk.target
            status.volumeStatus.append(volume)
        }
        next.status = status
        return next
    }
}
