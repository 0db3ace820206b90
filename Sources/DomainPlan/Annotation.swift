import KubeVirtModel
import KubernetesModel

/// The annotations of a VMI that change its domain; KubeVirt's names.
package enum Annotation {
    /// `"false"`: hugepages without memfd.
    static let memfd = "kubevirt.io/memfd"
    /// `"true"`: the balloon does not report free pages.
    static let freePageReportingDisabled = "kubevirt.io/free-page-reporting-disabled"
    /// `"true"`: every PCI device on bus 0.
    static let rootComplex = "kubevirt.io/placePCIDevicesOnRootComplex"
    /// `"true"`: no 64-bit window for PCI devices, for guests that cannot have one.
    static let noPCIHole64 = "kubevirt.io/disablePCIHole64"
    /// An Ignition document for Fedora and Red Hat CoreOS, handed over by the firmware.
    package static let ignition = "kubevirt.io/ignitiondata"
    /// `required`, `preferred` (the default) or `socket`: how near to its devices the VM's CPUs must be.
    static let deviceLocality = "virt-node.io/device-locality"
    /// vCPUs such as `2-3` that share the node's CPUs, beside others that are dedicated.
    static let sharedVCPUs = "virt-node.io/shared-vcpus"
    /// `"true"` or empty: with an even number of vCPUs, two CPUs go to the emulator thread.
    static let emulatorThreadParity = "alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity"
}

extension VirtualMachineInstance {
    func isAnnotated(_ name: String) -> Bool { metadata.annotations[name]?.lowercased() == "true" }
}
