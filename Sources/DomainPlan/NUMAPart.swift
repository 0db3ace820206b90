import DomainModel
import KubeVirtModel
import Placement

/// The guest's NUMA cells and where on the host their memory lies (`<cpu><numa>`, `<numatune>`, hugepages per cell).
enum NUMAPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        if request.usesNUMAPassthrough {
            if let placement = request.placement, !placement.cells.isEmpty { passThrough(placement, &draft) }
        } else if request.usesMemfd || draft.domain.maxMemory != nil {
            addSingleCell(&draft)
        }
    }

    /// Host cells with a CPU of the VM become its own, with their distances; memory is taken from them, and at once, so
    /// that a shortage shows at the start and not in the guest.
    private static func passThrough(_ placement: Placement, _ draft: inout DomainDraft) {
        draft.domain.cpu?.numa = placement.cells.enumerated().map { index, cell in
            var guest = DomainModel.NUMACell()
            guest.id = index
            guest.cpus = cell.vcpus.map(String.init).joined(separator: ",")
            guest.memoryBytes = cell.memoryBytes
            guest.distances = cell.distances.enumerated().map { DomainModel.NUMACell.Distance(id: $0, value: $1) }
            return guest
        }
        var tune = NUMATune()
        let hosts = placement.cells.map { String($0.hostCell) }
        tune.memory = NUMAMemory(mode: "strict", nodeset: hosts.joined(separator: ","))
        tune.nodes = hosts.enumerated().map { NUMANodeTune(cellID: $0, mode: "strict", nodeset: $1) }
        draft.domain.numatune = tune
        draft.domain.memoryBacking?.hugepages?.pages = placement.cells.enumerated().map {
            HugepagesPage(sizeBytes: $1.pageSizeBytes, nodeset: String($0))
        }
        draft.domain.memoryBacking?.allocation = MemoryAllocation(mode: "immediate")
        explain(hosts, &draft)
    }

    private static func explain(_ hosts: [String], _ draft: inout DomainDraft) {
        let field = "spec.domain.cpu.numa.guestMappingPassthrough"
        draft.because("cpu/numa", .host("the VM's CPUs lie on the host's cells \(hosts.joined(separator: ", "))"))
        draft.because("numatune", .field(field))
        draft.because("memoryBacking/allocation", .field(field))
        draft.because("memoryBacking/hugepages/page", .field("spec.domain.memory.hugepages.pageSize"))
    }

    /// QEMU takes memfd, and room for more memory, only for the memory of a cell.
    private static func addSingleCell(_ draft: inout DomainDraft) {
        var cell = DomainModel.NUMACell()
        cell.cpus = "0-\(draft.domain.vcpu.count - 1)"
        // libvirt counts cells in KiB.
        cell.memoryBytes = draft.domain.memoryBytes / 1024 * 1024
        draft.domain.cpu?.numa = [cell]
        draft.because("cpu/numa", .rule("memfd and memory hotplug need a NUMA cell"))
    }
}
