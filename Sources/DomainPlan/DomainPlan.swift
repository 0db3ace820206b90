package import DomainModel

/// The compiler from a VMI to a libvirt domain. It is pure: no clock, no file, no libvirt.
package struct DomainPlan: Sendable {
    package var domain: Domain
    package var warnings: [PlanWarning]

    package init(_ request: PlanRequest) throws(DomainPlanError) {
        var draft = DomainDraft()
        IdentityPart.configure(&draft, request)
        CPUPart.configure(&draft, request)
        MemoryPart.configure(&draft, request)
        FirmwarePart.configure(&draft, request)
        FeaturesPart.configure(&draft, request)
        ClockPart.configure(&draft, request)
        try DisksPart.configure(&draft, request)
        try InterfacesPart.configure(&draft, request)
        ConsolesPart.configure(&draft, request)
        PeripheralsPart.configure(&draft, request)
        ControllersPart.configure(&draft, request)
        domain = draft.domain
        warnings = draft.warnings
    }
}

/// A domain in the making.
struct DomainDraft {
    var domain = Domain()
    var warnings: [PlanWarning] = []

    mutating func warn(_ reason: String, _ field: String, _ message: String) {
        warnings.append(PlanWarning(reason: reason, field: field, message: message))
    }
}
