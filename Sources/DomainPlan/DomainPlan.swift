package import DomainModel
package import HostModel
import KubeVirtModel
import Placement

/// The compiler from a VMI to a libvirt domain. It is pure: no clock, no file, no libvirt.
package struct DomainPlan: Sendable {
    package var domain: Domain
    /// What the domain could not give as it was asked for: they reach the VMI's status.
    package var warnings: [PlanWarning]
    /// Why each part of the domain is as it is; empty unless the request asks for it.
    package var causes: [PlanCause]
    /// Where the emulator thread is to be once the guest's memory is there; nil where the domain says so already.
    package var emulatorPin: CPUSet?

    package init(_ request: PlanRequest) throws(DomainPlanError) {
        var draft = DomainDraft(request)
        IdentityPart.configure(&draft, request)
        CPUPart.configure(&draft, request)
        CPUTunePart.configure(&draft, request)
        MemoryPart.configure(&draft, request)
        NUMAPart.configure(&draft, request)
        IOThreadsPart.configure(&draft, request)
        FirmwarePart.configure(&draft, request)
        FeaturesPart.configure(&draft, request)
        HyperVPart.configure(&draft, request)
        ClockPart.configure(&draft, request)
        try DisksPart.configure(&draft, request)
        FilesystemsPart.configure(&draft, request)
        try InterfacesPart.configure(&draft, request)
        try HostDevicesPart.configure(&draft, request)
        ConsolesPart.configure(&draft, request)
        PeripheralsPart.configure(&draft, request)
        LaunchSecurityPart.configure(&draft, request)
        ControllersPart.configure(&draft, request)
        ExpanderPart.configure(&draft, request)
        try RootComplexPart.configure(&draft, request)
        HotplugPortsPart.configure(&draft, request)
        if request.emulation == .exact, let first = draft.adaptations.first {
            throw .emulationForbidden(instance: request.instance.qualifiedName, field: first.field, why: first.message)
        }
        domain = draft.domain
        warnings = draft.warnings
        causes = draft.causes
        emulatorPin = draft.emulatorPin
    }
}

/// A domain in the making.
struct DomainDraft {
    var domain = Domain()
    /// Which disk uses which thread; nothing has been handed out.
    let ioThreads: IOThreadPlan
    /// What each host device is on the host, by its alias.
    var placedDevices: [String: PlacedDevice] = [:]
    var emulatorPin: CPUSet?
    private(set) var warnings: [PlanWarning] = []
    /// The warnings that say what software emulation cannot give.
    private(set) var adaptations: [PlanWarning] = []
    private(set) var causes: [PlanCause] = []
    let isExplaining: Bool

    init(_ request: PlanRequest) {
        isExplaining = request.isExplaining
        ioThreads = IOThreadPlan(request)
    }

    mutating func warn(_ reason: String, _ field: String, _ message: String, isBlocking: Bool = false) {
        warnings.append(PlanWarning(reason: reason, field: field, message: message, isBlocking: isBlocking))
    }

    /// Warns of something that the guest gets otherwise, or not at all, because software emulation cannot give it.
    mutating func adapt(_ reason: String, _ field: String, _ message: String) {
        warn(reason, field, message)
        adaptations.append(PlanWarning(reason: reason, field: field, message: message))
    }

    /// Notes why an element, or an attribute (`…@name`), of the domain is as it is. Costs nothing unless somebody asked.
    @inline(__always)
    mutating func because(_ element: @autoclosure () -> String, _ reason: @autoclosure () -> PlanCause.Reason) {
        if isExplaining { causes.append(PlanCause(element: element(), reason: reason())) }
    }
}
