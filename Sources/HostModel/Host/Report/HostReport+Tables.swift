/// The tables of a report.
extension HostReport {
    private func lines(_ table: TextTable) -> [String] { table.lines(width: wide ? nil : Self.columns) }

    var cellLines: [String] {
        let pools = host.cells.flatMap(\.hugepages).filter { wide || $0.total > 0 }
        let sizes = Set(pools.map(\.sizeKiB)).sorted()
        // Each size is a column of its own while the line has room.
        let columns = wide || sizes.count <= 3 ? sizes.map { [$0] } : [sizes]
        var table = TextTable(columns: [
            .init(title: "CELL", alignsRight: true), .init(title: "CPUS", shrinks: true),
            .init(title: "MEMORY", alignsRight: true), .init(title: "FREE", alignsRight: true),
        ])
        table.columns += columns.map {
            $0.count == 1
                ? .init(title: "\(HugepagePool.label(sizeKiB: $0[0])) FREE", alignsRight: true)
                : .init(title: "PAGES FREE", shrinks: true)
        }
        table.columns.append(.init(title: "DISTANCES", shrinks: true))
        table.rows = host.cells.map { cell in
            [
                "\(cell.id)", cell.cpus.isEmpty ? "none" : cell.cpus.brief,
                cell.memoryKiB == 0 ? "none" : size(kibibytes: cell.memoryKiB),
                cell.memoryKiB == 0 ? "-" : size(kibibytes: cell.memoryFreeKiB),
            ] + columns.map { pages(of: cell, $0) } + [distances(of: cell)]
        }
        return lines(table)
    }

    private func pages(of cell: NUMACell, _ sizes: [UInt64]) -> String {
        let pools = cell.hugepages.filter { sizes.contains($0.sizeKiB) }
        guard !pools.isEmpty else { return "-" }
        return pools.map { (sizes.count == 1 ? "" : "\($0.label) ") + "\($0.free)/\($0.total)" }
            .joined(separator: ", ")
    }

    /// In the order of the cells, as the kernel lists them; for many cells, the others by distance: `12:1-3`.
    private func distances(of cell: NUMACell) -> String {
        guard !cell.distances.isEmpty else { return "unknown" }
        if host.cells.count <= 4 {
            return host.cells.map { cell.distances[$0.id].map { "\($0)" } ?? "?" }.joined(separator: " ")
        }
        let others = cell.distances.filter { $0.key != cell.id }
        return Dictionary(grouping: others.keys) { others[$0] ?? 0 }.sorted { $0.key < $1.key }
            .map { "\($0.key):\(CPUSet($0.value))" }.joined(separator: " ")
    }

    var deviceLines: [String] {
        let devices = wide ? host.pciDevices : host.pciDevices.filter(\.isPassthroughCandidate)
        let left = host.pciDevices.count - devices.count
        let note =
            left == 0
            ? []
            : ["\(left) other PCI \(left == 1 ? "device" : "devices"); -o wide \(left == 1 ? "lists it" : "lists all")"]
        guard !devices.isEmpty else {
            return host.pciDevices.isEmpty
                ? ["no PCI devices"] : ["no accelerator, NIC, NVMe drive or virtual function"] + note
        }
        var table = TextTable(columns: [
            .init(title: "ADDRESS"), .init(title: "CLASS"), .init(title: "ID"),
            .init(title: "DRIVER", shrinks: true), .init(title: "CELL", alignsRight: true),
            .init(title: "GROUP", alignsRight: true), .init(title: "BARS", alignsRight: true),
            .init(title: "VFS", alignsRight: true),
        ])
        if wide { table.columns += ["ROOT COMPLEX", "PARENT", "SUBSYSTEM", "RESET"].map { .init(title: $0) } }
        let groups = Dictionary(host.iommuGroups.map { ($0.id, $0.devices.count) }) { first, _ in first }
        table.rows = devices.map { row($0, groups: groups) }
        return lines(table) + note
    }

    private func row(_ device: PCIDevice, groups: [Int: Int]) -> [String] {
        let members = device.iommuGroup.flatMap { groups[$0] } ?? 1
        let group = device.iommuGroup.map { members == 1 ? "\($0)" : "\($0) (\(members))" }
        let columns = [
            plain(device.address), PCIClass.name(device.classCode), device.selector, device.driver.map(plain) ?? "-",
            device.numaNode.map { "\($0)" } ?? "-", group ?? "-", bytes(device.memorySize), functions(of: device),
        ]
        guard wide else { return columns }
        let subsystem = device.subsystem.map {
            PCIDevice(address: "", classCode: 0, vendor: $0.vendor, device: $0.device).selector
        }
        let reset = device.resetMethods.map(plain).joined(separator: " ")
        return columns + [
            device.rootComplex.map(plain) ?? "-", device.parent.map(plain) ?? "-", subsystem ?? "-",
            reset.isEmpty ? "-" : reset,
        ]
    }

    /// Virtual functions that exist of those that can, or whose function it is.
    private func functions(of device: PCIDevice) -> String {
        if let physical = device.physicalFunction { return wide ? "of \(plain(physical))" : "is a VF" }
        return device.sriov.map { "\($0.currentVFs)/\($0.totalVFs)" } ?? "-"
    }

    var mediatedTypeLines: [String] {
        let parents = host.pciDevices.filter { !$0.mediatedTypes.isEmpty }
        guard !parents.isEmpty else { return [] }
        var table = TextTable(columns: [
            .init(title: "MDEV TYPE", shrinks: true), .init(title: "NAME", shrinks: true),
            .init(title: "AVAILABLE", alignsRight: true),
            .init(title: "API", shrinks: true), .init(title: "PARENT"),
        ])
        table.rows = parents.flatMap { device in
            device.mediatedTypes.map { type in
                [
                    plain(type.id), type.name.map(plain) ?? "-", "\(type.availableInstances)",
                    type.deviceAPI.map(plain) ?? "-", plain(device.address),
                ]
            }
        }
        return lines(table)
    }

    var mediatedDeviceLines: [String] {
        guard !host.mediatedDevices.isEmpty else { return [] }
        var table = TextTable(columns: [
            .init(title: "MDEV"), .init(title: "TYPE", shrinks: true), .init(title: "PARENT"),
            .init(title: "GROUP", alignsRight: true),
        ])
        table.rows = host.mediatedDevices.map { device in
            [
                plain(device.uuid), device.type.map(plain) ?? "-", device.parent.map(plain) ?? "-",
                device.iommuGroup.map { "\($0)" } ?? "-",
            ]
        }
        return lines(table)
    }
}

/// A size of so many bytes; `-` for none.
private func bytes(_ count: UInt64) -> String {
    switch count {
    case 0: "-"
    case ..<1024: "\(count) B"
    default: size(kibibytes: count / 1024)
    }
}
