package import DomainModel
package import KubeVirtModel

/// Who executes the guest's instructions, as decided for this VMI.
package enum PlanAccelerator: Sendable, Equatable {
    case kvm
    case emulation
}

/// Everything that a domain is made from: the compiler reads nothing else, so equal requests give equal domains.
package struct PlanRequest: Sendable {
    /// The VMI, validated, with its defaults and its uid.
    package var instance: VirtualMachineInstance
    package var accelerator: PlanAccelerator
    package var resources: PreparedResources
    package var metadata: DomainMetadata?
    /// The user that QEMU runs as; libvirt's own choice where nil.
    package var securityLabel: SecurityLabel?

    package init(
        instance: VirtualMachineInstance, accelerator: PlanAccelerator, resources: PreparedResources,
        metadata: DomainMetadata? = nil, securityLabel: SecurityLabel? = nil
    ) {
        self.instance = instance
        self.accelerator = accelerator
        self.resources = resources
        self.metadata = metadata
        self.securityLabel = securityLabel
    }

    var domain: DomainSpec { instance.spec.domain }
    var devices: Devices { instance.spec.domain.devices }

    /// The model suffix of virtio devices.
    var virtioModel: String {
        devices.useVirtioTransitional ?? false ? "virtio-transitional" : "virtio-non-transitional"
    }
}

/// What was made ready on the host before the domain is compiled.
package struct PreparedResources: Sendable {
    /// By the volume's name.
    package var disks: [String: PreparedDisk] = [:]
    /// By the interface's name.
    package var interfaces: [String: PreparedInterface] = [:]
    package var kernel: PreparedKernel?
    package var firmware: FirmwareLoader?
    package var serialSocket: String
    package var vncSocket: String
    /// The guest agent's socket; libvirt's choice where nil.
    package var agentSocket: String?

    package init(serialSocket: String, vncSocket: String) {
        self.serialSocket = serialSocket
        self.vncSocket = vncSocket
    }
}

/// A volume that QEMU can open.
package struct PreparedDisk: Sendable, Equatable {
    package var source: DomainDisk.Source
    /// Bytes that the guest sees.
    package var capacity: Int64
    package var isReadOnly: Bool
    /// Whether the file and all below it can be opened with O_DIRECT.
    package var supportsDirectIO: Bool
    /// Whether every block is allocated, so that native I/O never waits for the filesystem.
    package var isPreallocated: Bool

    package init(
        source: DomainDisk.Source, capacity: Int64, isReadOnly: Bool = false, supportsDirectIO: Bool = true,
        isPreallocated: Bool = false
    ) {
        self.source = source
        self.capacity = capacity
        self.isReadOnly = isReadOnly
        self.supportsDirectIO = supportsDirectIO
        self.isPreallocated = isPreallocated
    }
}

/// A network interface that QEMU can attach to.
package struct PreparedInterface: Sendable, Equatable {
    package var source: DomainInterface.Source
    package var mac: String?

    package init(source: DomainInterface.Source, mac: String?) {
        self.source = source
        self.mac = mac
    }
}

/// A kernel and an initrd as files on the host.
package struct PreparedKernel: Sendable, Equatable {
    package var kernel: String
    package var initrd: String?

    package init(kernel: String, initrd: String?) {
        self.kernel = kernel
        self.initrd = initrd
    }
}
