package import KubeVirtModel
package import KubernetesModel
import Libvirt

/// Turns an observation into a VMI's status. It is pure: the same observation gives the same status.
package enum StatusBuilder {
    /// `previous` is the status so far: a condition whose status stays keeps its time, and what others wrote stays.
    package static func status(
        of instance: VirtualMachineInstance, _ seen: Observation, previous: VirtualMachineInstanceStatus?,
        now: Timestamp
    ) -> VirtualMachineInstanceStatus {
        var status = previous ?? VirtualMachineInstanceStatus()
        status.phase = seen.phase
        status.phaseTransitionTimestamps = seen.transitions
        status.nodeName = seen.nodeName
        status.runtimeUser = seen.runtimeUser.map(Int64.init)
        status.conditions = ConditionsBuilder.conditions(seen, previous: previous?.conditions ?? [], now: now)
        status.reason = seen.phase == .failed ? seen.failure : nil
        status.fsFreezeStatus = seen.fsFreezeStatus
        status.interfaces = interfaces(instance, seen)
        status.volumeStatus = volumes(instance, seen)
        if let info = guestOSInfo(seen.agent) { status.guestOSInfo = info }
        if seen.phase.isFinal { status.guestOSInfo = nil }
        if let live = seen.live {
            var machine = MachineStatus()
            machine.type = live.machine
            status.machine = machine
            var memory = MemoryStatus()
            let size = Quantity(bytes: live.memoryBytes)
            memory.guestAtBoot = size
            memory.guestCurrent = size
            memory.guestRequested = instance.spec.domain.memory?.guest ?? size
            status.memory = memory
            var topology = CPUTopologyStatus()
            topology.cores = instance.spec.domain.cpu?.cores
            topology.sockets = instance.spec.domain.cpu?.sockets
            topology.threads = instance.spec.domain.cpu?.threads
            status.currentCPUTopology = topology
        }
        return status
    }

    private static func volumes(_ instance: VirtualMachineInstance, _ seen: Observation) -> [VolumeStatus] {
        guard let live = seen.live else { return [] }
        return instance.spec.volumes.compactMap { volume in
            guard let target = live.targets[volume.name] else { return nil }
            var status = VolumeStatus()
            status.name = volume.name
            status.target = target
            status.size = seen.capacities[volume.name]
            return status
        }
    }

    /// Interfaces of the spec first, in its order; then those that only the guest knows, ten at most.
    private static func interfaces(_ instance: VirtualMachineInstance, _ seen: Observation) -> [InterfaceStatus] {
        guard let live = seen.live else { return [] }
        let guests = seen.agent?.interfaces ?? []
        var result: [InterfaceStatus] = live.interfaces.map { interface in
            var status = InterfaceStatus()
            status.name = interface.name
            status.mac = interface.mac
            status.linkState = interface.linkState
            status.queueCount = 1
            let guest = guests.first { $0.mac.lowercased() == interface.mac.lowercased() }
            status.infoSource = guest == nil ? "domain" : "domain, guest-agent"
            if let guest { add(guest, to: &status) }
            return status
        }
        let known = Set(live.interfaces.map { $0.mac.lowercased() })
        let others = guests.filter { !known.contains($0.mac.lowercased()) && $0.name != "lo" }
        result += others.prefix(10).map { guest in
            var status = InterfaceStatus()
            status.mac = guest.mac
            status.infoSource = "guest-agent"
            add(guest, to: &status)
            return status
        }
        return result
    }

    private static func add(_ guest: GuestInterface, to status: inout InterfaceStatus) {
        status.interfaceName = guest.name
        status.ipAddress = guest.addresses.first
        status.ipAddresses = guest.addresses
    }

    private static func guestOSInfo(_ agent: AgentObservation?) -> GuestOSInfo? {
        guard let parameters = agent?.info?.parameters else { return nil }
        var info = GuestOSInfo()
        info.id = parameters["os.id"]
        info.name = parameters["os.name"]
        info.prettyName = parameters["os.pretty-name"]
        info.version = parameters["os.version"]
        info.versionId = parameters["os.version-id"]
        info.kernelRelease = parameters["os.kernel-release"]
        info.kernelVersion = parameters["os.kernel-version"]
        info.machine = parameters["os.machine"]
        return info
    }
}
