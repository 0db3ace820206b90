internal import HostModel
package import KubeVirtModel
import KubernetesModel
package import Placement

extension PlacementRequest {
    /// What a defaulted VMI needs of CPUs, pages and devices of its own; nil where it needs none.
    package init?(_ instance: VirtualMachineInstance) {
        let domain = instance.spec.domain
        let cpu = domain.cpu
        let isDedicated = cpu?.dedicatedCpuPlacement ?? false
        let devices = Self.devices(instance)
        let pageSize = domain.memory?.hugepages?.size?.roundedDown
        guard isDedicated || pageSize != nil || !devices.isEmpty else { return nil }
        let vcpus = Int(clamping: cpu?.vcpus ?? 1)
        let pool =
            isDedicated && domain.ioThreadsPolicy == .supplementalPool
            ? Int(domain.ioThreads?.supplementalPoolThreadCount ?? 0) : 0
        var emulatorThreads = 0
        if isDedicated, cpu?.isolateEmulatorThread ?? false {
            let parity = instance.metadata.annotations[Annotation.emulatorThreadParity]
            // A second CPU keeps the number even, so that the kubelet can give whole cores.
            emulatorThreads = parity != nil && parity != "false" && (vcpus + pool) % 2 == 0 ? 2 : 1
        }
        self.init(
            name: instance.qualifiedName, vcpus: vcpus, threadsPerCore: Int(cpu?.threads ?? 1),
            isDedicated: isDedicated, ioThreadPool: pool, emulatorThreads: emulatorThreads,
            numaPassthrough: cpu?.numa?.guestMappingPassthrough != nil,
            memoryBytes: domain.memory?.guest?.roundedDown ?? 0, pageSizeBytes: pageSize, devices: devices)
        // Values that are none were refused by validation.
        locality = instance.metadata.annotations[Annotation.deviceLocality].flatMap(DeviceLocality.init) ?? .preferred
        sharedVCPUs = instance.metadata.annotations[Annotation.sharedVCPUs].flatMap { CPUSet(list: $0) } ?? CPUSet([])
    }

    private static func devices(_ instance: VirtualMachineInstance) -> [DeviceRequest] {
        let devices = instance.spec.domain.devices
        return devices.hostDevices.map { DeviceRequest(name: $0.name, resource: DeviceKey.of($0)) }
            + devices.gpus.map { DeviceRequest(name: $0.name, resource: DeviceKey.of($0)) }
            + devices.interfaces.filter { $0.sriov != nil && $0.state != .absent }.map {
                DeviceRequest(name: $0.name, resource: DeviceKey.of($0, instance.spec.networks))
            }
    }
}
