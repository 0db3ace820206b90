import FoundationEssentials
import KubernetesModel
import LocalAPI

/// All that is known of one VMI, for a person: what the API holds, and what the daemon of its node knows beyond it.
struct InstanceDescription {
    var namespace: String
    var name: String
    var object: DocumentNode?
    /// The daemon's own; nil on another node.
    var report: DocumentNode?
    /// Nil where no events can be had.
    var events: [DocumentNode]?
    private let width = TextWrap.width
    private let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))

    init(
        namespace: String, name: String, object: DocumentNode?, report: DocumentNode?, events: [DocumentNode]?
    ) {
        self.namespace = namespace
        self.name = name
        self.object = object
        self.report = report
        self.events = events
    }

    /// For programs.
    var document: DocumentNode {
        var members: [DocumentMember] = []
        if let object { members.append(DocumentMember("instance", object)) }
        if let report { members.append(DocumentMember("report", report)) }
        if let events { members.append(DocumentMember("events", .array(events))) }
        return .object(members)
    }

    /// Everything but the domain's XML.
    var text: String {
        [
            headline, section("Conditions", conditions), section("Interfaces", interfaces), section("Volumes", volumes),
            section("Timeline", timeline), section("Events", eventTable), changes,
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// What happened, why, and what libvirt was told.
    var explanation: String {
        [headline, section("Conditions", conditions), section("Timeline", timeline), changes, domain]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func section(_ title: String, _ table: TextTable?) -> String {
        guard let table else { return "" }
        return "\(title)\n\(table.text(width: width))"
    }

    private func age(_ time: String?) -> String { HumanDuration.since(time, now: now) }
}

// MARK: - The head

extension InstanceDescription {
    private var headline: String {
        var table = TextTable(gap: 2)
        func add(_ title: String, _ text: String?) {
            if let text, !text.isEmpty { table.add(["\(title):", text]) }
        }
        add("Name", name)
        add("Namespace", namespace)
        add("Node", report?["node"]?.text ?? object?[["status", "nodeName"]]?.text ?? assignedNode)
        add("Phase", phase)
        add("State", report?["state"]?.text)
        add("Waits for", waits)
        add("Failed", report?["failure"]?.text)
        add("Not known", report?["unknown"]?.text)
        add("Being deleted", object?[["metadata", "deletionTimestamp"]]?.text.map { "since \(age($0))" })
        add("Status delivery", report?["statusDelivery"]?.text)
        add("Created", object?[["metadata", "creationTimestamp"]]?.text.map { "\($0) (\(age($0)) ago)" })
        add("UID", object?.objectUID ?? report?["uid"]?.text)
        add("Guest", guest)
        add("Hardware", hardware)
        add("Domain", report.flatMap(domainPlace))
        if report?["domain"] != nil {
            add("QEMU process", report?["qemuProcess"]?.integer.map { "\($0)" })
            add("VNC socket", report?["vncSocket"]?.text)
        }
        return table.text(width: width)
    }

    private var assignedNode: String? { object?[["metadata", "labels", "kubevirt.io/nodeName"]]?.text }

    private var phase: String? {
        guard let phase = object?[["status", "phase"]]?.text ?? report?["phase"]?.text else { return nil }
        let times = object?[["status", "phaseTransitionTimestamps"]]?.elements ?? []
        let since = times.last { $0["phase"]?.text == phase }?["phaseTransitionTimestamp"]?.text
        let newer = report?["phase"]?.text.flatMap {
            $0 == phase ? nil : "; the API does not know yet that it is \($0)"
        }
        return phase + (since.map { ", for \(age($0))" } ?? "") + (newer ?? "")
    }

    /// What the daemon says, or what can be seen from outside where no daemon has the VMI.
    private var waits: String? {
        if let report { return report["waitsFor"]?.text }
        guard let object else { return nil }
        switch object[["status", "phase"]]?.text {
        case "Succeeded", "Failed": return nil
        default: break
        }
        guard let node = assignedNode else {
            return "a node that takes it: no label kubevirt.io/nodeName names one, and no agent with --claim had room"
        }
        return object[["status", "nodeName"]] == nil ? "virt-node on node \(node): run this there to see more" : nil
    }

    private var guest: String? {
        let system = object?[["status", "guestOSInfo"]]
        let parts = [system?["prettyName"]?.text ?? system?["name"]?.text, system?["kernelRelease"]?.text]
        let text = parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", kernel ")
        return text.isEmpty ? nil : text
    }

    private var hardware: String? {
        guard let status = object?["status"] else { return nil }
        var parts: [String] = []
        if let topology = status["currentCPUTopology"] {
            let counts = ["sockets", "cores", "threads"].map { topology[$0]?.integer ?? 1 }
            let total = counts.reduce(1, *)
            parts.append(
                "\(total) vCPU\(total == 1 ? "" : "s") (\(zip(counts, ["sockets", "cores", "threads"]).map { "\($0) \($1)" }.joined(separator: ", ")))"
            )
        }
        if let memory = status[["memory", "guestCurrent"]]?.text { parts.append(memory) }
        if let machine = status[["machine", "type"]]?.text { parts.append(machine) }
        return parts.joined(separator: ", ")
    }

    private func domainPlace(_ report: DocumentNode) -> String? {
        guard let domain = report["domainName"]?.text else { return nil }
        let isThere = report["domain"] != nil
        return "\(domain) at \(report["libvirt"]?.text ?? "libvirt")\(isThere ? "" : ", which has no such domain now")"
    }
}

// MARK: - The tables

extension InstanceDescription {
    private var conditions: TextTable? {
        let conditions = object?[["status", "conditions"]]?.elements ?? []
        guard !conditions.isEmpty else { return nil }
        var table = TextTable(["TYPE", "STATUS", "SINCE", "REASON", "MESSAGE"], gap: 2, indent: 2)
        for condition in conditions {
            table.add([
                condition["type"]?.text ?? "", condition["status"]?.text ?? "",
                condition["lastTransitionTime"]?.text.map(age) ?? "", condition["reason"]?.text ?? "",
                condition["message"]?.text ?? "",
            ])
        }
        return table
    }

    private var interfaces: TextTable? {
        let interfaces = object?[["status", "interfaces"]]?.elements ?? []
        guard !interfaces.isEmpty else { return nil }
        var table = TextTable(["NAME", "IN THE GUEST", "MAC", "LINK", "KNOWN FROM", "IP ADDRESSES"], gap: 2, indent: 2)
        for interface in interfaces {
            let several = interface["ipAddresses"]?.elements.compactMap(\.text) ?? []
            let addresses = several.isEmpty ? [interface["ipAddress"]?.text].compactMap(\.self) : several
            table.add([
                interface["name"]?.text ?? "", interface["interfaceName"]?.text ?? "", interface["mac"]?.text ?? "",
                interface["linkState"]?.text ?? "", interface["infoSource"]?.text ?? "",
                addresses.joined(separator: ", "),
            ])
        }
        return table
    }

    private var volumes: TextTable? {
        let volumes = object?[["status", "volumeStatus"]]?.elements ?? []
        guard !volumes.isEmpty else { return nil }
        var table = TextTable(["NAME", "TARGET", "PHASE", "REASON", "MESSAGE"], gap: 2, indent: 2)
        for volume in volumes {
            table.add(["name", "target", "phase", "reason", "message"].map { volume[$0]?.text ?? "" })
        }
        return table
    }

    private var timeline: TextTable? {
        let entries = report?["timeline"]?.elements ?? []
        guard !entries.isEmpty else { return nil }
        var table = TextTable(["TIME", "AGO", "STEP", "TOOK", "DETAIL"], gap: 2, indent: 2)
        for entry in entries {
            table.add([
                entry["time"]?.text ?? "", age(entry["time"]?.text), entry["step"]?.text ?? "",
                Self.duration(entry["seconds"]), entry["detail"]?.text ?? "",
            ])
        }
        return table
    }

    /// `0.924` as `924 ms`.
    private static func duration(_ node: DocumentNode?) -> String {
        guard case .number(let text) = node?.value, let seconds = Double(text) else { return "" }
        if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
        return "\((seconds * 10).rounded() / 10) s"
    }

    private var eventTable: TextTable? {
        guard let events, !events.isEmpty else { return nil }
        var table = TextTable(["LAST SEEN", "TYPE", "REASON", "COUNT", "MESSAGE"], gap: 2, indent: 2)
        for event in EventTime.sorted(events) {
            table.add([
                age(EventTime.last(event)), event["type"]?.text ?? "", event["reason"]?.text ?? "",
                "\(event["count"]?.integer ?? 1)", event["message"]?.text ?? "",
            ])
        }
        return table
    }

    private var changes: String {
        guard let text = report?["changesAtRestart"]?.text else { return "" }
        let lines = Standard.visible(text).split(separator: "\n").map { "  \($0)\n" }
        return "What a restart would change\n\(lines.joined())"
    }

    private var domain: String {
        let (title, xml) =
            if let live = report?["domain"]?.text { ("Domain, as libvirt has it", live) } else {
                ("Domain, as it was to be started", report?["plannedDomain"]?.text ?? "")
            }
        return xml.isEmpty ? "" : "\(title)\n\(Standard.visible(xml))\(xml.hasSuffix("\n") ? "" : "\n")"
    }
}
