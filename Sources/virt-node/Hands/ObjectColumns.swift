import FoundationEssentials
import KubernetesModel
import LocalAPI

/// The columns of each kind, in the words and the order of kubectl's own tables.
struct ObjectColumns {
    let resource: APIResource
    var isWide = false
    var showsNamespace = false
    private let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))

    var header: [String] {
        let columns: [String] =
            switch resource {
            case .instances:
                ["NAME", "AGE", "PHASE", "IP", "NODENAME", "READY"]
                    + (isWide ? ["LIVE-MIGRATABLE", "PAUSED", "ACCELERATOR"] : [])
            case .migrations: ["NAME", "PHASE", "VMI"]
            case .nodes: ["NAME", "STATUS", "AGE", "ACCELERATOR", "SCHEDULABLE"] + (isWide ? ["KERNEL-VERSION"] : [])
            case .events:
                ["LAST SEEN", "TYPE", "REASON", "OBJECT"] + (isWide ? ["COUNT", "SOURCE"] : []) + ["MESSAGE"]
            default: ["NAME", "AGE"]
            }
        return (showsNamespace && resource.isNamespaced ? ["NAMESPACE"] : []) + columns
    }

    func cells(_ object: DocumentNode) -> [String] {
        let cells: [String] =
            switch resource {
            case .instances: instance(object)
            case .migrations:
                [object.objectName, object[["status", "phase"]]?.text ?? "", object[["spec", "vmiName"]]?.text ?? ""]
            case .nodes: node(object)
            case .events: event(object)
            default: [object.objectName, age(object)]
            }
        return (showsNamespace && resource.isNamespaced ? [object.objectNamespace ?? ""] : []) + cells
    }

    private func age(_ object: DocumentNode) -> String {
        HumanDuration.since(object[["metadata", "creationTimestamp"]]?.text, now: now)
    }

    private func instance(_ object: DocumentNode) -> [String] {
        let status = object["status"]
        let cells = [
            object.objectName, age(object), status?["phase"]?.text ?? "",
            status?["interfaces"]?.elements.first?["ipAddress"]?.text ?? "", status?["nodeName"]?.text ?? "",
            object.condition("Ready")?["status"]?.text ?? "",
        ]
        guard isWide else { return cells }
        let isEmulated = object.condition("SoftwareEmulation")?["status"]?.text == "True"
        let runs = status?["phase"]?.text == "Running"
        return cells + [
            object.condition("LiveMigratable")?["status"]?.text ?? "",
            object.condition("Paused")?["status"]?.text ?? "",
            isEmulated ? "emulation" : runs ? "kvm" : "",
        ]
    }

    private func node(_ object: DocumentNode) -> [String] {
        let ready = object.condition("Ready").map { $0["status"]?.text == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        let isCordoned = object[["spec", "unschedulable"]]?.isTrue == true
        let labels = object[["metadata", "labels"]]
        let cells = [
            object.objectName, isCordoned ? "\(ready),SchedulingDisabled" : ready, age(object),
            labels?["virt-node.io/accelerator"]?.text ?? "", labels?["kubevirt.io/schedulable"]?.text ?? "",
        ]
        return isWide ? cells + [object[["status", "nodeInfo", "kernelVersion"]]?.text ?? ""] : cells
    }

    private func event(_ object: DocumentNode) -> [String] {
        let about = object["involvedObject"]
        let kind = about?["kind"]?.text?.lowercased() ?? ""
        let count = object["count"]?.integer ?? object[["series", "count"]]?.integer ?? 1
        var cells = [
            HumanDuration.since(EventTime.last(object), now: now), object["type"]?.text ?? "",
            object["reason"]?.text ?? "", (kind.isEmpty ? "" : "\(kind)/") + (about?["name"]?.text ?? ""),
        ]
        if isWide { cells += ["\(count)", object[["source", "component"]]?.text ?? ""] }
        return cells + [(object["message"]?.text ?? "") + (count > 1 && !isWide ? " (\(count) times)" : "")]
    }
}

/// When an event happened: three fields may say so.
enum EventTime {
    static func last(_ event: DocumentNode) -> String? {
        event["lastTimestamp"]?.text ?? event[["series", "lastObservedTime"]]?.text ?? event["firstTimestamp"]?.text
            ?? event["eventTime"]?.text
    }

    /// Oldest first; those of the same second in the order in which the server took them.
    static func sorted(_ events: [DocumentNode]) -> [DocumentNode] {
        let keyed = events.map {
            ($0, Timestamp.parse(last($0) ?? "")?.seconds ?? 0, Int($0.resourceVersion ?? "") ?? 0)
        }
        return keyed.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
    }
}

extension DocumentNode {
    /// A condition of an object's status.
    func condition(_ type: String) -> DocumentNode? {
        self[["status", "conditions"]]?.elements.first { $0["type"]?.text == type }
    }
}
