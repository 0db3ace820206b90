package import DomainModel
package import HostModel
package import KubeVirtModel
package import Placement

/// Who executes the guest's instructions, as decided for this VMI.
package enum PlanAccelerator: Sendable, Equatable {
    case kvm
    case emulation
}

/// What becomes of a VMI that asks for more than software emulation has.
package enum EmulationPolicy: Sendable, Equatable {
    /// It starts with what there is, and a warning for each thing that it does not get.
    case adapted
    /// It is refused.
    case exact
}

/// Everything that a domain is made from: the compiler reads nothing else, so equal requests give equal domains.
///
/// A class, since every part is handed it, and a VMI has hundreds of fields to copy.
package final class PlanRequest: Sendable {
    /// The VMI, validated, with its defaults and its uid.
    package let instance: VirtualMachineInstance
    package let accelerator: PlanAccelerator
    package let emulation: EmulationPolicy
    package let resources: PreparedResources
    /// The CPUs, pages and devices that the VM was given; nil for one that shares the host's CPUs and needs no device.
    package let placement: Placement?
    /// The host CPUs of all that has none of its own: VMs without dedicated CPUs, and the emulator threads of those with.
    /// All where nil.
    package let sharedCPUs: CPUSet?
    package let metadata: DomainMetadata?
    /// The user that QEMU runs as; libvirt's own choice where nil.
    package let securityLabel: SecurityLabel?
    /// Whether the plan notes the cause of each part.
    package let isExplaining: Bool

    package init(
        instance: VirtualMachineInstance, accelerator: PlanAccelerator, resources: PreparedResources,
        placement: Placement? = nil, sharedCPUs: CPUSet? = nil, metadata: DomainMetadata? = nil,
        securityLabel: SecurityLabel? = nil,
        emulation: EmulationPolicy = .adapted, isExplaining: Bool = false
    ) {
        self.instance = instance
        self.accelerator = accelerator
        self.emulation = emulation
        self.resources = resources
        self.placement = placement
        self.sharedCPUs = sharedCPUs
        self.metadata = metadata
        self.securityLabel = securityLabel
        self.isExplaining = isExplaining
    }

    /// Lent out, not copied: a spec has hundreds of fields, and every part reads some.
    var domain: DomainSpec { _read { yield instance.spec.domain } }
    var devices: Devices { _read { yield instance.spec.domain.devices } }
    /// vCPUs that run at boot.
    var enabledVCPUs: Int { Int(clamping: domain.cpu?.vcpus ?? 1) }

    /// The model suffix of virtio devices.
    var virtioModel: String {
        devices.useVirtioTransitional ?? false ? "virtio-transitional" : "virtio-non-transitional"
    }

    /// Whether virtio devices must go through the guest's IOMMU, since its memory is encrypted.
    var usesEncryptedMemory: Bool { domain.launchSecurity?.sev != nil || domain.launchSecurity?.snp != nil }
}
