import KubernetesModel

extension TableLayout {
    private static func age(_ object: DocumentNode, _ now: Timestamp) -> DocumentNode {
        .string(HumanDuration.since(object[["metadata", "creationTimestamp"]]?.text, now: now))
    }

    private static func text(_ object: DocumentNode, _ path: String..., absent: String = "") -> DocumentNode {
        .string(object[path]?.text ?? absent)
    }

    private static let dataColumn = Column(name: "Data", type: "integer")

    static let configMaps = TableLayout(columns: [nameColumn, dataColumn, ageColumn]) { object, now in
        let count = (object["data"]?.members.count ?? 0) + (object["binaryData"]?.members.count ?? 0)
        return [.string(object.objectName), .number(count), age(object, now)]
    }

    static let secrets = TableLayout(columns: [nameColumn, Column(name: "Type"), dataColumn, ageColumn]) {
        object, now in
        let count = object["data"]?.members.count ?? 0
        return [.string(object.objectName), text(object, "type"), .number(count), age(object, now)]
    }

    static let namespaces = TableLayout(columns: [nameColumn, Column(name: "Status"), ageColumn]) { object, now in
        [.string(object.objectName), text(object, "status", "phase"), age(object, now)]
    }

    static let leases = TableLayout(columns: [nameColumn, Column(name: "Holder"), ageColumn]) { object, now in
        [.string(object.objectName), text(object, "spec", "holderIdentity"), age(object, now)]
    }

    static let nodes = TableLayout(
        columns: [
            nameColumn, Column(name: "Status"), Column(name: "Roles"), ageColumn, Column(name: "Version"),
            Column(name: "Internal-IP", isWide: true), Column(name: "External-IP", isWide: true),
            Column(name: "OS-Image", isWide: true), Column(name: "Kernel-Version", isWide: true),
            Column(name: "Container-Runtime", isWide: true),
        ]
    ) { node, now in
        let unknown = "<unknown>"
        return [
            .string(node.objectName), .string(readiness(of: node)), .string(roles(of: node)), age(node, now),
            text(node, "status", "nodeInfo", "kubeletVersion"), .string(address("InternalIP", of: node)),
            .string(address("ExternalIP", of: node)), text(node, "status", "nodeInfo", "osImage", absent: unknown),
            text(node, "status", "nodeInfo", "kernelVersion", absent: unknown),
            text(node, "status", "nodeInfo", "containerRuntimeVersion", absent: unknown),
        ]
    }

    private static func readiness(of node: DocumentNode) -> String {
        let ready = node[["status", "conditions"]]?.elements.first { $0["type"]?.text == "Ready" }
        let word = ready.map { $0["status"]?.text == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        return node[["spec", "unschedulable"]]?.isTrue == true ? "\(word),SchedulingDisabled" : word
    }

    private static func roles(of node: DocumentNode) -> String {
        let prefix = "node-role.kubernetes.io/"
        let labels = node[["metadata", "labels"]]?.members ?? []
        let roles = labels.filter { $0.name.hasPrefix(prefix) }.map { String($0.name.dropFirst(prefix.count)) }
        return roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ",")
    }

    private static func address(_ type: String, of node: DocumentNode) -> String {
        let addresses = node[["status", "addresses"]]?.elements ?? []
        return addresses.first { $0["type"]?.text == type }?["address"]?.text ?? "<none>"
    }

    static let events = TableLayout(
        columns: [
            Column(name: "Last Seen"), Column(name: "Type"), Column(name: "Reason"), Column(name: "Object"),
            Column(name: "Subobject", isWide: true), Column(name: "Source", isWide: true), Column(name: "Message"),
            Column(name: "First Seen", isWide: true), Column(name: "Count", isWide: true),
            Column(name: "Name", format: "name", isWide: true),
        ]
    ) { event, now in
        let last = event["lastTimestamp"]?.text ?? event[["series", "lastObservedTime"]]?.text
        let first = event["firstTimestamp"]?.text ?? event["eventTime"]?.text
        let kind = event[["involvedObject", "kind"]]?.text?.lowercased() ?? ""
        let name = event[["involvedObject", "name"]]?.text ?? ""
        let source = [event[["source", "component"]]?.text, event[["source", "host"]]?.text]
        let count = event["count"]?.integer ?? event[["series", "count"]]?.integer ?? 1
        return [
            .string(HumanDuration.since(last ?? first, now: now)), text(event, "type"), text(event, "reason"),
            .string(kind.isEmpty ? name : "\(kind)/\(name)"), text(event, "involvedObject", "fieldPath"),
            .string(source.compactMap(\.self).joined(separator: ", ")),
            .string(event["message"]?.text?.trimmed ?? ""), .string(HumanDuration.since(first, now: now)),
            .string("\(count)"), .string(event.objectName),
        ]
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }
}
