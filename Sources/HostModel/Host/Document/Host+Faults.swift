/// What a document may say and no machine can be. Facts that were probed have none.
extension Host {
    /// Those of the first step that finds any: what comes later would only repeat them. At most eight, so that a wrong
    /// file does not fill a screen.
    var faults: [HostFault] {
        let steps = [sizeFaults, idFaults, cpuFaults, siblingFaults, cellFaults, pageFaults, deviceFaults]
        return steps.lazy.map { $0() }.first { !$0.isEmpty }.map { Array($0.prefix(8)) } ?? []
    }

    private func sizeFaults() -> [HostFault] {
        var faults: [HostFault] = []
        func limit(_ field: String, _ count: Int, _ limit: Int) {
            if count > limit { faults.append(HostFault(field, "has \(count) entries; a host has at most \(limit)")) }
        }
        limit("cpus", cpus.count, HostLimits.cpus)
        limit("cells", cells.count, HostLimits.cells)
        limit("pciDevices", pciDevices.count, HostLimits.pciDevices)
        limit("mediatedDevices", mediatedDevices.count, HostLimits.pciDevices)
        if cells.isEmpty { faults.append(HostFault("cells", "is empty; a host without NUMA is one cell")) }
        for (field, set) in [
            ("possibleCPUs", possibleCPUs), ("isolatedCPUs", isolatedCPUs), ("nohzFullCPUs", nohzFullCPUs),
        ] where !HostLimits.holds(cpus: set) {
            faults.append(HostFault(field, "names CPU \(set.last ?? 0); ids end at \(HostLimits.cpus - 1)"))
        }
        for (field, value) in [("memoryKiB", memoryKiB), ("memoryAvailableKiB", memoryAvailableKiB)]
        where value > HostLimits.memoryKiB {
            faults.append(HostFault(field, "\(value) is more than the \(HostLimits.memoryKiB) a host can have"))
        }
        return faults
    }

    private func idFaults() -> [HostFault] {
        order(of: cpus.map(\.id), "cpus", below: HostLimits.cpus)
            + order(of: cells.map(\.id), "cells", below: HostLimits.cells)
    }

    private func order(of ids: [Int], _ field: String, below limit: Int) -> [HostFault] {
        ids.enumerated().compactMap { index, id in
            let place = "\(field)[\(index)].id"
            if !(0..<limit).contains(id) { return HostFault(place, "\(id) is not between 0 and \(limit - 1)") }
            guard index > 0, id <= ids[index - 1] else { return nil }
            return HostFault(place, "\(id) follows \(ids[index - 1]); ids ascend, and each is used once")
        }
    }

    private func cpuFaults() -> [HostFault] {
        let known = Set(cells.map(\.id))
        var faults: [HostFault] = []
        for (index, cpu) in cpus.enumerated() {
            for (name, value) in [("socket", cpu.socket), ("core", cpu.core)] {
                if let value, !(0..<1 << 31).contains(value) {
                    faults.append(HostFault("cpus[\(index)].\(name)", "\(value) is not between 0 and 2147483647"))
                }
            }
            if let cell = cpu.cell, !known.contains(cell) {
                faults.append(HostFault("cpus[\(index)].cell", "there is no cell \(cell)"))
            }
        }
        return faults
    }

    private func siblingFaults() -> [HostFault] {
        let siblings = Dictionary(cpus.map { ($0.id, $0.siblings) }) { first, _ in first }
        return cpus.enumerated().compactMap { index, cpu in
            let field = "cpus[\(index)].siblings"
            guard cpu.siblings.contains(cpu.id), cpu.siblings.count <= HostLimits.threads else {
                return HostFault(field, "must name CPU \(cpu.id) itself and at most \(HostLimits.threads) threads")
            }
            guard let other = cpu.siblings.ids.first(where: { siblings[$0] != cpu.siblings }) else { return nil }
            return HostFault(
                field,
                siblings[other] == nil
                    ? "there is no CPU \(other)"
                    : "is \(cpu.siblings), but CPU \(other) does not name the same siblings")
        }
    }

    private func cellFaults() -> [HostFault] {
        let online = onlineCPUs
        let told = Dictionary(cpus.map { ($0.id, $0.cell) }) { first, _ in first }
        let known = Set(cells.map(\.id))
        var faults: [HostFault] = []
        for (index, cell) in cells.enumerated() {
            let field = "cells[\(index)]"
            if !HostLimits.holds(cpus: cell.cpus) || !cell.cpus.isSubset(of: online) {
                faults.append(HostFault("\(field).cpus", "\(cell.cpus) names CPUs that are not online in cpus"))
            } else if let cpu = cell.cpus.ids.first(where: { told[$0] != cell.id }) {
                faults.append(HostFault("\(field).cpus", "CPU \(cpu) does not name this cell as its own in cpus"))
            }
            if cell.memoryKiB > HostLimits.memoryKiB || cell.memoryFreeKiB > cell.memoryKiB {
                faults.append(
                    HostFault(
                        "\(field).memoryKiB",
                        "\(cell.memoryKiB) is less than what is free or more than \(HostLimits.memoryKiB)"))
            }
            for (node, distance) in cell.distances.sorted(by: { $0.key < $1.key })
            where !known.contains(node) || !(0...255).contains(distance) {
                faults.append(
                    HostFault("\(field).distances.\(node)", "\(distance) is not 0 to 255, or there is no such cell"))
            }
        }
        return faults
    }

    private func pageFaults() -> [HostFault] {
        cells.enumerated().flatMap { faults(of: $1.hugepages, "cells[\($0)].hugepages") }
            + faults(of: hugepages, "hugepages")
    }

    private func faults(of pages: [HugepagePool], _ field: String) -> [HostFault] {
        var seen: Set<UInt64> = []
        return pages.enumerated().compactMap { index, pool in
            guard pool.isPlausible else {
                return HostFault(
                    "\(field)[\(index)]",
                    "\(pool.total) of \(pool.sizeKiB) KiB: free, surplus and reserved must be 0 to total, "
                        + "and the size above 0")
            }
            return seen.insert(pool.sizeKiB).inserted
                ? nil : HostFault("\(field)[\(index)].sizeKiB", "\(pool.sizeKiB) is used twice")
        }
    }
}
