import HostModel

/// Who gives a VM its CPUs and devices, which decides what helps where there are too few.
package enum Granter: Sendable {
    /// Somebody who names them on a command line.
    case hand
    /// The node's own books.
    case node

    fileprivate var moreCPUs: String {
        switch self {
        case .hand: "grant more CPUs (--cpuset)"
        case .node: "stop a VM that has dedicated ones, add some to cpus.dedicated"
        }
    }

    fileprivate var moreOfACell: String {
        switch self {
        case .hand: "grant more CPUs of one cell (--cpuset)"
        case .node: "stop a VM that has dedicated ones of one cell"
        }
    }

    fileprivate var anotherCell: String {
        switch self {
        case .hand: "or grant CPUs of another cell (--cpuset)"
        case .node: "or stop a VM that has dedicated CPUs of another cell"
        }
    }
}

extension PlacementError: CustomStringConvertible {
    package var description: String { text(for: .hand) }

    /// What is missing, and what helps.
    package func text(for granter: Granter) -> String {
        switch self {
        case .unevenTopology(let name, let vcpus, let threads):
            "\(name): \(vcpus) vCPUs are not whole cores of \(threads) threads: "
                + "make spec.domain.cpu sockets × cores × threads, each at least 1"
        case .notEnoughCPUs(let name, let need, let free):
            "\(name): needs \(need), \(free.sum) are free; \(free.listed): "
                + "\(granter.moreCPUs) or lower spec.domain.cpu"
        case .coresCrossCells(let name, let need, let free):
            "\(name): needs \(need)\(need.cores == 1 ? "" : ", each core") in one NUMA cell; \(free.listed): "
                + "\(granter.moreOfACell), lower spec.domain.cpu.threads "
                + "or leave out spec.domain.cpu.numa"
        case .tooManyCells(let name, let need, let pages, let size, let free):
            "\(name): needs \(need) in \(pages == 1 ? "one NUMA cell" : "at most \(pages) NUMA cells"), "
                + "since its memory is \(counted(pages, "page")) of \(binary(size)); \(free.listed): "
                + "\(granter.moreOfACell) or choose smaller pages"
        case .notNearDevices(let name, let locality, let need, let free, let devices):
            "\(name): needs \(need) on the \(locality == .socket ? "sockets" : "NUMA cells") of "
                + "\(devices.map(\.description).joined(separator: ", ")); \(free.listed): lower spec.domain.cpu, or set "
                + "annotation virt-node.io/device-locality to preferred"
        case .badSharedVCPUs(let name, let vcpus, let shared):
            "\(name): annotation virt-node.io/shared-vcpus names \(shared), and the VM has vCPUs 0 to \(vcpus - 1): "
                + "name some of them, leave at least one dedicated, and set spec.domain.cpu.dedicatedCpuPlacement"
        case .sharedVCPUsOfCores(let name):
            "\(name): annotation virt-node.io/shared-vcpus goes neither with spec.domain.cpu.numa nor with "
                + "spec.domain.cpu.threads above 1: remove one of them"
        case .numaWithoutDedicatedCPUs(let name):
            "\(name): spec.domain.cpu.numa.guestMappingPassthrough needs dedicated CPUs: "
                + "set spec.domain.cpu.dedicatedCpuPlacement"
        case .numaWithoutHugepages(let name):
            "\(name): spec.domain.cpu.numa.guestMappingPassthrough needs hugepages: "
                + "set spec.domain.memory.hugepages.pageSize"
        case .memoryNotWholePages(let name, let memory, let size):
            "\(name): its memory of \(binary(memory)) is not a multiple of \(binary(size)), the size of its hugepages: "
                + "change spec.domain.memory.guest or spec.domain.memory.hugepages.pageSize"
        case .noPagesOfSize(let name, let size, let offered):
            "\(name): the host has no pages of \(binary(size)), only of "
                + "\(offered.isEmpty ? "the ordinary size" : offered.map(binary).joined(separator: ", ")): "
                + "change spec.domain.memory.hugepages.pageSize, or start the host with hugepagesz=\(kernel(size))"
        case .notEnoughPages(let name, let size, let needed, let free, let cells):
            "\(name): needs \(counted(needed, "page")) of \(binary(size)), \(free) are free; \(cells.listed): "
                + "reserve \(needed - free) more on the host or lower spec.domain.memory.guest"
        case .cellLacksPages(let name, let cell, let size, let needed, let free):
            "\(name): cell \(cell) lacks \(counted(needed - free, "page")) of \(binary(size)) "
                + "(needs \(needed), \(free) are free): reserve them in "
                + "/sys/devices/system/node/node\(cell)/hugepages, \(granter.anotherCell)"
        case .unknownCell(let name, let cell, let cells):
            "\(name): pages of cell \(cell) are granted, but the host has only "
                + "\(cells.count == 1 ? "cell" : "cells") \(cells.map(String.init).joined(separator: ", "))"
        case .notEnoughDevices(let name, let resource, let needed, let granted, let inUse):
            "\(name): needs \(counted(needed, "device")) \(resource), "
                + (inUse == 0
                    ? "\(granted) are granted"
                    : "of the \(granted) granted \(inUse) \(inUse == 1 ? "is" : "are") in use")
                + ": give \(max(1, needed - granted + inUse)) more (--device \(resource)=ADDRESS)"
        case .deviceGrantedTwice(let name, let resource, let device):
            "\(name): \(device) is granted twice as \(resource): give each device once (--device \(resource)=ADDRESS)"
        case .unknownDevice(let name, let resource, let device):
            "\(name): the host has no PCI device \(device), which is granted as \(resource): "
                + "`lspci -D` lists the addresses that it has"
        case .notADeviceAddress(let text):
            "\"\(text)\" is no address of a device: write a PCI address such as 0000:41:00.0, the UUID of a mediated "
                + "device, or BUS:DEVICE of a USB device such as 1:4"
        case .impossibleCPU(let id): "no host has a CPU \(id): ids end at \(CPUMask.bounds.upperBound - 1)"
        case .impossiblePages(let use): "no host has \(use.count) pages of \(use.pageSizeBytes) bytes"
        case .alreadyTaken(let cpus, let devices): "another VM holds \(held(cpus, devices))"
        case .notTaken(let cpus, let devices): "no VM holds \(held(cpus, devices)) as one placement"
        }
    }
}

extension CPUNeed: CustomStringConvertible {
    /// `8 dedicated CPUs (4 cores of 2 threads)`.
    package var description: String {
        var parts = [threadsPerCore == 1 ? "" : "\(counted(cores, "core")) of \(threadsPerCore) threads"]
        if ioThreads > 0 { parts.append("\(ioThreads) for I/O threads") }
        if emulatorThreads > 0 { parts.append("\(emulatorThreads) for the emulator thread") }
        parts.removeAll(where: \.isEmpty)
        return counted(total, "dedicated CPU") + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }
}

extension [CellCount] {
    fileprivate var sum: Int { reduce(0) { $0 + $1.count } }

    /// `cell 0 has 6 free, cell 1 has 4`.
    fileprivate var listed: String {
        guard !isEmpty else { return "no cell has any" }
        return enumerated().map { "cell \($1.cell) has \($1.count)" + ($0 == 0 ? " free" : "") }.joined(separator: ", ")
    }
}

private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// A number of bytes as Kubernetes writes a quantity: `2Mi`.
private func binary(_ bytes: Int64) -> String {
    var value = bytes
    var unit = ""
    for next in ["Ki", "Mi", "Gi", "Ti"] where value != 0 && value.isMultiple(of: 1024) {
        value /= 1024
        unit = next
    }
    return "\(value)\(unit)"
}

/// A page size as the kernel's command line takes it: `2M`.
private func kernel(_ bytes: Int64) -> String {
    let text = binary(bytes)
    return text.hasSuffix("i") ? String(text.dropLast()) : text
}

private func held(_ cpus: CPUSet, _ devices: [GrantedDevice]) -> String {
    var parts: [String] = []
    if !cpus.isEmpty { parts.append("\(cpus.count == 1 ? "CPU" : "CPUs") \(cpus)") }
    if !devices.isEmpty {
        parts.append(counted(devices.count, "device") + " " + devices.map(\.description).joined(separator: ", "))
    }
    return parts.isEmpty ? "these resources" : parts.joined(separator: " and ")
}
