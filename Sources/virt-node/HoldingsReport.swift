import KubernetesModel

/// Who holds what of a node, as the daemon's books have it.
struct HoldingsReport {
    private let resources: DocumentNode

    init(_ resources: DocumentNode) { self.resources = resources }

    /// Ends with a line feed.
    var text: String {
        var lines = [
            "CPUs       dedicated \(cpus("dedicatedCPUs")), reserved \(cpus("reservedCPUs")), shared now \(cpus("sharedCPUs"))",
            "promised   \(mebibytes("memoryPromised", resources)) of \(mebibytes("memoryBudget", resources)) for VMs",
            "",
        ]
        let holdings = resources["holdings"]?.elements ?? []
        guard !holdings.isEmpty else { return lines.joined(separator: "\n") + "no VM holds anything\n" }
        var table = TextTable(["VMI", "VCPU=CPU", "EMULATOR", "I/O", "MEMORY", "PAGES", "DEVICES"])
        for holding in holdings {
            table.add([
                holding["vmi"]?.text ?? "", list("vcpus", holding) ?? "shared", holding["emulator"]?.text ?? "shared",
                holding["ioThreads"]?.text ?? "-", mebibytes("memory", holding), list("cells", holding) ?? "-",
                list("devices", holding) ?? "-",
            ])
        }
        lines.append(table.take())
        return lines.joined(separator: "\n")
    }

    /// Devices that VMs may have, or may not; empty where none is permitted. Ends with a line feed.
    var devices: String {
        let devices = resources["devices"]?.elements ?? []
        guard !devices.isEmpty else { return "" }
        var table = TextTable(["DEVICE", "RESOURCE", "STATE"])
        for device in devices { table.add(["device", "resource", "state"].map { device[$0]?.text ?? "" }) }
        return "\n" + table.take()
    }

    private func cpus(_ name: String) -> String {
        let text = resources[name]?.text ?? ""
        return text.isEmpty ? "none" : text
    }

    private func list(_ name: String, _ node: DocumentNode) -> String? {
        let texts = (node[name]?.elements ?? []).compactMap(\.text)
        return texts.isEmpty ? nil : texts.joined(separator: ",")
    }

    private func mebibytes(_ name: String, _ node: DocumentNode) -> String {
        "\((node[name]?.integer ?? 0) >> 20) MiB"
    }
}
