package import HostModel

/// What one VM asks of the node, in numbers: the planner reads it from `spec.domain`.
package struct PlacementRequest: Sendable, Hashable {
    /// The VM as messages name it: `default/vm`.
    package var name: String
    /// Enabled vCPUs, a multiple of `threadsPerCore`.
    package var vcpus: Int
    /// `cpu.threads`.
    package var threadsPerCore: Int
    /// `cpu.dedicatedCpuPlacement`. Without it the VM gets no CPU of its own, and the next two counts do not matter.
    package var isDedicated: Bool
    /// I/O threads that get a CPU each: `ioThreads.supplementalPoolThreadCount`.
    package var ioThreadPool: Int
    /// CPUs that only the emulator thread runs on: 0, or 1 with `cpu.isolateEmulatorThread`, or 2 where the annotation
    /// `alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity` asks for an even number.
    package var emulatorThreads: Int
    /// `cpu.numa.guestMappingPassthrough`.
    package var numaPassthrough: Bool
    package var memoryBytes: Int64
    /// `memory.hugepages.pageSize`; `nil` without hugepages.
    package var pageSizeBytes: Int64?
    /// In the order in which they draw from the grant.
    package var devices: [DeviceRequest]
    package var preferredCells: CellPreference
    /// How near to its devices the VM's CPUs must be.
    package var locality: DeviceLocality
    /// vCPUs that run on the CPUs of all, and get none of their own: annotation `virt-node.io/shared-vcpus`.
    package var sharedVCPUs: CPUSet

    package init(
        name: String, vcpus: Int, threadsPerCore: Int = 1, isDedicated: Bool = false, ioThreadPool: Int = 0,
        emulatorThreads: Int = 0, numaPassthrough: Bool = false, memoryBytes: Int64, pageSizeBytes: Int64? = nil,
        devices: [DeviceRequest] = [], preferredCells: CellPreference = .hostOrder,
        locality: DeviceLocality = .preferred, sharedVCPUs: CPUSet = CPUSet([])
    ) {
        self.name = name
        self.vcpus = vcpus
        self.threadsPerCore = threadsPerCore
        self.isDedicated = isDedicated
        self.ioThreadPool = ioThreadPool
        self.emulatorThreads = emulatorThreads
        self.numaPassthrough = numaPassthrough
        self.memoryBytes = memoryBytes
        self.pageSizeBytes = pageSizeBytes
        self.devices = devices
        self.preferredCells = preferredCells
        self.locality = locality
        self.sharedVCPUs = sharedVCPUs
    }

    /// vCPUs that get a CPU of their own.
    package var dedicatedVCPUs: Int { isDedicated ? vcpus - sharedVCPUs.count : 0 }
}

/// A device that a VM asks for by the name of a resource.
package struct DeviceRequest: Sendable, Hashable {
    /// `devices.gpus[].name` or `devices.hostDevices[].name`.
    package var name: String
    /// `deviceName`: `nvidia.com/A100`.
    package var resource: String

    package init(name: String, resource: String) {
        self.name = name
        self.resource = resource
    }
}

/// Which NUMA cells are filled first.
package enum CellPreference: String, Sendable, Hashable, Codable {
    /// In the host's order, as KubeVirt does with the CPUs that the kubelet chose.
    case hostOrder
    /// For a granter that has the whole node to choose from. Cells that hold all guest cores on full host cores come
    /// first, among them those nearest to the VM's devices, then the fullest, so that large holes stay for large VMs.
    /// Where none holds all, the nearest and emptiest come first, so that few cells are crossed.
    case nearDevices
}

/// How near the CPUs of a VM must be to its devices: annotation `virt-node.io/device-locality`.
package enum DeviceLocality: String, Sendable, Hashable, Codable, CaseIterable {
    /// On the NUMA cells of its devices, or not at all.
    case required
    /// There where it fits, and elsewhere where it does not.
    case preferred
    /// On the sockets of its devices, or not at all.
    case socket
}
