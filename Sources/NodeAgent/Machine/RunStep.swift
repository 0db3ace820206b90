package import DomainPlan
package import Images
package import KubeVirtModel

/// What happens to a VM on its way, for whoever watches.
package enum MachineReport: Sendable {
    /// A step was done, in so many seconds.
    case step(MachineStep, seconds: Double, detail: String)
    case imageProgress(image: String, ImageProgress)
    case warning(String)
    /// The domain's document, as it goes to libvirt.
    case planned(xml: String, PlanRequest)
    /// The status changed in a way worth showing.
    case status(VirtualMachineInstance)
    case console([UInt8])
    case failed(AgentError)
    case ended(MachineStateMachine.Ending)
}

/// The steps of a start, in their order.
package enum MachineStep: String, Sendable {
    case image
    case disks
    case devices
    case define
    case start
    case forward
    case guestSpeaks = "guest speaks"
    case guestBooted = "guest booted"
    case agent = "agent connected"
    case stop
}
