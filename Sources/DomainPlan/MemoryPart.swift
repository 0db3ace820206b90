import DomainModel
import KubeVirtModel
import KubernetesModel

/// The guest's memory, what backs it, and its balloon (`<memory>`, `<maxMemory>`, `<memoryBacking>`, `<memballoon>`).
enum MemoryPart {
    private static let field = "spec.domain.memory"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let memory = request.domain.memory
        draft.domain.memoryBytes = memory?.guest?.roundedDown ?? 0
        draft.because("memory", .field("\(field).guest"))
        if let maximum = memory?.maxGuest, !request.usesNUMAPassthrough {
            // libvirt 9 takes a maximum only with a number of slots; one that no device sits in costs nothing.
            draft.domain.maxMemory = MaximumMemory(bytes: maximum.roundedDown, slots: 16)
            draft.because("maxMemory", .field("\(field).maxGuest"))
            draft.because("maxMemory@slots", .rule("libvirt takes no maximum without slots"))
        }
        draft.domain.memoryBacking = backing(&draft, request)
        draft.domain.devices.memballoon = balloon(&draft, request)
    }

    private static func backing(_ draft: inout DomainDraft, _ request: PlanRequest) -> MemoryBacking? {
        var backing = MemoryBacking()
        let usesHugepages = request.domain.memory?.hugepages != nil
        if usesHugepages {
            // Without a size libvirt takes the host's default one.
            let size = request.domain.memory?.hugepages?.size?.roundedDown
            backing.hugepages = DomainModel.Hugepages()
            backing.hugepages?.pages = size.map { [HugepagesPage(sizeBytes: $0, nodeset: nil)] } ?? []
            draft.because("memoryBacking", .field("\(field).hugepages.pageSize"))
        }
        if request.sharesMemory {
            backing.accessMode = "shared"
            draft.because("memoryBacking/access", .rule("virtiofs and passt work on the guest's own memory"))
        }
        if request.usesMemfd {
            backing.sourceType = "memfd"
            draft.because("memoryBacking/source", .rule("shared memory and hugepages come from memfd"))
        }
        if request.domain.cpu?.realtime != nil {
            backing.noSharePages = true
            draft.because("memoryBacking/nosharepages", .field("spec.domain.cpu.realtime"))
        }
        return backing == MemoryBacking() ? nil : backing
    }

    private static func balloon(_ draft: inout DomainDraft, _ request: PlanRequest) -> MemoryBalloon {
        draft.because("devices/memballoon", .field("spec.domain.devices.autoattachMemBalloon"))
        guard request.devices.autoattachMemBalloon ?? true else { return MemoryBalloon(model: "none") }
        var balloon = MemoryBalloon(model: request.virtioModel, freePageReporting: true, statisticsPeriod: 10)
        let cpu = request.domain.cpu
        if cpu?.dedicatedCpuPlacement ?? false || cpu?.realtime != nil || request.domain.memory?.hugepages != nil {
            // Pages that the host takes back and gives again cost time that such a guest was promised not to lose.
            balloon.freePageReporting = false
            draft.because(
                "devices/memballoon@freePageReporting", .rule("off for dedicated CPUs, realtime and hugepages"))
        } else if request.instance.isAnnotated(Annotation.freePageReportingDisabled) {
            balloon.freePageReporting = false
            draft.because(
                "devices/memballoon@freePageReporting", .field(annotationField(Annotation.freePageReportingDisabled)))
        }
        balloon.driverIOMMU = request.usesEncryptedMemory ? true : nil
        return balloon
    }
}

func annotationField(_ name: String) -> String { "metadata.annotations[\(name)]" }

extension PlanRequest {
    var usesNUMAPassthrough: Bool { domain.cpu?.numa?.guestMappingPassthrough != nil }

    /// Whether another process than QEMU works on the guest's memory.
    var sharesMemory: Bool {
        !devices.filesystems.isEmpty
            || devices.interfaces.contains { ($0.passt != nil || $0.passtBinding != nil) && $0.state != .absent }
    }

    var usesMemfd: Bool {
        sharesMemory
            || (domain.memory?.hugepages != nil && instance.metadata.annotations[Annotation.memfd] != "false")
    }
}
