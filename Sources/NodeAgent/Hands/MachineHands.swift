package import KubernetesModel

/// What a user may ask of a running VM, through KubeVirt's subresources or the command line.
package enum MachineCommand: Sendable, Equatable {
    case pause
    case unpause
    case reset
    case softReboot
    /// Stops the VM and starts it anew, from its spec.
    case restart
    /// Ends the guest within the grace period (seconds; the spec's where nil): the VMI ends as Succeeded or Failed.
    case stop(gracePeriod: Int64?)
    /// Freezes the guest's file systems, and thaws them by itself after so many seconds.
    case freeze(unfreezeAfter: Int64?)
    case unfreeze
    case guestOSInfo
    case userList
    case filesystemList
    /// A PNG of the display, base64 in `data`.
    case screenshot
}

/// Why a command was not done.
package enum HandsError: Error, Equatable {
    case notFound(instance: String)
    /// The VM is in no state for it: not running, paused already.
    case conflict(instance: String, reason: String)
    /// libvirt, QEMU or the guest agent refused, or did not answer.
    case failed(instance: String, reason: String)
    /// The VMI has no such device.
    case absent(instance: String, what: String)
}

/// The node's VMs, as those who serve users see them. The agent is behind it; tests put a fake there.
package protocol MachineHands: Sendable {
    /// Does it, and returns what it answers: for most, nothing.
    func perform(_ command: MachineCommand, namespace: String, name: String) async throws(HandsError) -> DocumentNode?
    /// The guest's serial console.
    func console(namespace: String, name: String) async throws(HandsError) -> ConsoleHub
    /// The path of the Unix socket that QEMU serves VNC on.
    func vncSocket(namespace: String, name: String) async throws(HandsError) -> String
    /// Everything about the VM that helps at 3 a.m.: timeline, waits, failure, domain XML, what would be made today.
    func report(namespace: String, name: String) async throws(HandsError) -> DocumentNode
    /// A line for each VM and queue of the node.
    func overview() async -> DocumentNode
}
