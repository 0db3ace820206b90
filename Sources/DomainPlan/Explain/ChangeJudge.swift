/// Says of each change of a domain what it takes, by the table of rules.
struct ChangeJudge {
    private let memoryFits: Bool
    private let devicesMove: Bool

    /// A judge of all the changes between two domains.
    init(_ changes: [DomainChange], old: ExplainedElement, new: ExplainedElement) {
        memoryFits = Self.fits(old, new)
        devicesMove = changes.contains {
            $0.element != nil && $0.names.count == 2 && $0.names[0] == "devices" && $0.names[1] != "controller"
        }
    }

    /// The rule that decides; the last one of the table is for all.
    func rule(for change: DomainChange) -> ChangeRule? {
        ChangeRule.table.first { $0.concerns(change) && $0.conditions.allSatisfy { holds($0, change) } }
    }

    private func holds(_ condition: ChangeRule.Condition, _ change: DomainChange) -> Bool {
        let devices = [change.oldDevice, change.newDevice].compactMap(\.self)
        return switch condition {
        case .device(let place, let values):
            !devices.isEmpty && devices.allSatisfy { device in device.value(place).map(values.contains) ?? false }
        case .without(let place): devices.allSatisfy { $0.value(place) == nil }
        case .memoryFits: memoryFits
        case .comesOrGoes: change.old == nil || change.new == nil
        case .devicesMove: devicesMove
        }
    }

    private static func fits(_ old: ExplainedElement, _ new: ExplainedElement) -> Bool {
        guard let before = bytes(old.child("memory")), let after = bytes(new.child("memory")),
            let maximum = bytes(old.child("maxMemory"))
        else { return false }
        return before < after && after <= maximum
    }

    /// An element's text as libvirt reads it: in KiB, where it names no unit.
    private static func bytes(_ element: ExplainedElement?) -> Int64? {
        guard let element, let count = Int64(element.text) else { return nil }
        let units: [String: Int64] = ["b": 1, "bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
        guard let unit = units[element.value("unit") ?? "KiB"] else { return nil }
        let (bytes, overflows) = count.multipliedReportingOverflow(by: unit)
        return overflows ? nil : bytes
    }
}
