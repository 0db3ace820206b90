/// The cells as boxes, each with its cores, pages and the devices that can be passed through, by root complex.
struct HostDrawing {
    var host: Host
    var unicode: Bool

    private static let width = HostReport.columns

    var lines: [String] {
        let cpus = Dictionary(grouping: host.cpus) { $0.cell }
        let devices = Dictionary(grouping: candidates) { host.cell(of: $0)?.id }
        let cells = host.cells.flatMap { box($0, cpus[$0.id] ?? [], devices[$0.id] ?? []) }
        let rest = content(cpus[nil] ?? [], devices[nil] ?? [])
        let hasOffline = cpus.values.contains { CoreList($0).hasOffline }
        return cells + (rest.isEmpty ? [] : box(["of no known cell"], rest)) + (hasOffline ? ["* offline"] : [])
    }

    /// Virtual functions are counted at their physical function, where that is drawn.
    private var candidates: [PCIDevice] {
        let physical = Set(host.pciDevices.map(\.address))
        return host.pciDevices.filter { device in
            device.isPassthroughCandidate && !(device.physicalFunction.map(physical.contains) ?? false)
        }
    }

    private func box(_ cell: NUMACell, _ cpus: [HostCPU], _ devices: [PCIDevice]) -> [String] {
        let memory =
            cell.memoryKiB == 0
            ? "no memory" : "\(size(kibibytes: cell.memoryKiB)), \(size(kibibytes: cell.memoryFreeKiB)) free"
        let pages = cell.hugepages.filter { $0.total > 0 }.map { "\($0.label) \($0.free)/\($0.total)" }
        // Two sizes fit the title; a machine with more has a line for them.
        let title = ["cell \(cell.id)", memory] + (pages.isEmpty ? ["no hugepages"] : pages.count > 2 ? [] : pages)
        let head = (pages.count > 2 ? labelled("pages", pages) : []) + (cell.cpus.isEmpty ? ["no CPUs"] : [])
        return box(title, head + content(cpus, devices))
    }

    private func content(_ cpus: [HostCPU], _ devices: [PCIDevice]) -> [String] {
        let cores = CoreList(cpus)
        var lines = cores.count == 0 ? [] : labelled("cores", cores.words)
        let isolated = CPUSet(cpus.map(\.id)).intersection(host.isolatedCPUs)
        if !isolated.isEmpty { lines += labelled("isolated", broken(isolated.brief, width: 80)) }
        if !cores.strays.isEmpty { lines += labelled("offline", broken(cores.strays.brief, width: 80)) }
        let places = Dictionary(grouping: devices) { $0.rootComplex ?? "" }
        for (place, devices) in places.sorted(by: { $0.key < $1.key }) {
            lines.append(place.isEmpty ? "PCI" : plain(place))
            lines += table(devices).map { "  \($0)" }
        }
        return lines
    }

    /// The words after a label, on as many lines as they need.
    private func labelled(_ label: String, _ words: [String]) -> [String] {
        var lines = [label.padding(to: 8)]
        for word in words {
            if lines[lines.count - 1].count + 1 + word.count > Self.width - 4 { lines.append("".padding(to: 8)) }
            lines[lines.count - 1] += " \(word)"
        }
        return lines
    }

    private func table(_ devices: [PCIDevice]) -> [String] {
        var table = TextTable(columns: Array(repeating: .init(title: ""), count: 5))
        table.rows = devices.map { device in
            [
                plain(device.address), PCIClass.name(device.classCode), device.selector,
                device.iommuGroup.map { "group \($0)" } ?? "no group",
                ([device.driver.map(plain) ?? "no driver"] + [functions(of: device)].compactMap(\.self))
                    .joined(separator: ", "),
            ]
        }
        return Array(table.lines().dropFirst())
    }

    private func functions(of device: PCIDevice) -> String? {
        if device.physicalFunction != nil { return "a VF" }
        return device.sriov.map { "\($0.currentVFs) of \($0.totalVFs) VFs" }
    }

    private func box(_ title: [String], _ content: [String]) -> [String] {
        let inner = Self.width - 4
        let (bar, dash) = unicode ? ("│", "─") : ("|", "-")
        let (corners, ends) = unicode ? (("┌", "┐"), ("└", "┘")) : (("+", "+"), ("+", "+"))
        let head = title.joined(separator: " \(dash)\(dash) ")
        let fill = String(repeating: dash, count: max(0, inner - 1 - head.count))
        return ["\(corners.0)\(dash) \(head) \(fill)\(corners.1)"]
            + content.flatMap { folded($0, to: inner) }.map { "\(bar) \($0.padding(to: inner)) \(bar)" }
            + [ends.0 + String(repeating: dash, count: inner + 2) + ends.1]
    }

    /// A line that a long name made too long continues indented.
    private func folded(_ line: String, to width: Int) -> [String] {
        guard line.count > width else { return [line] }
        return [String(line.prefix(width))] + folded("      " + line.dropFirst(width), to: width)
    }
}
