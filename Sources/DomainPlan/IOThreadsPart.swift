import DomainModel
import HostModel
import KubeVirtModel
import KubernetesModel
import Placement

/// The threads that work off disk requests beside QEMU's main loop (`<iothreads>`, `<iothreadpin>`).
enum IOThreadsPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let plan = draft.ioThreads
        guard plan.total > 0 else { return }
        draft.domain.iothreads = plan.total
        let policy = request.domain.ioThreadsPolicy
        draft.because(
            "iothreads",
            policy == nil ? .rule("a disk has a dedicatedIOThread") : .field("spec.domain.ioThreadsPolicy"))
        pin(plan, &draft, request)
    }

    /// Threads of a VM with dedicated CPUs stay on them: on those of the emulator thread where it has its own, on CPUs
    /// of their own where the pool was given some, else spread over the vCPUs'.
    private static func pin(_ plan: IOThreadPlan, _ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let placement = request.placement, draft.domain.cputune != nil else { return }
        let sets: [CPUSet]
        if !placement.ioThreadPins.isEmpty {
            sets = placement.ioThreadPins.map { CPUSet([$0]) }
            draft.because("cputune/iothreadpin", .host("the pool was given CPUs \(CPUSet(placement.ioThreadPins))"))
        } else {
            sets = IOThreadPins.make(count: plan.total, cpus: placement.vcpuPins, emulator: placement.emulatorPins)
            let isShared = !placement.emulatorPins.isEmpty
            draft.because(
                "cputune/iothreadpin",
                .rule(
                    isShared
                        ? "I/O threads share the emulator thread's CPUs" : "I/O threads are spread over the vCPUs' CPUs"
                ))
        }
        draft.domain.cputune?.iothreadPins = sets.prefix(plan.total).enumerated().map {
            IOThreadPin(iothread: $0 + 1, cpuset: $1.description)
        }
    }
}

/// How many I/O threads there are, and which disk uses which: threads 1 to `shared` serve all disks in turn, and those
/// above belong to one disk each, those of virtio disks first.
struct IOThreadPlan {
    let shared: Int
    let dedicated: Int
    private var turn = 0
    private var nextVirtio: Int
    private var nextSCSI: Int

    var total: Int { shared + dedicated }

    init(_ request: PlanRequest) {
        let policy = request.domain.ioThreadsPolicy
        let owners = request.devices.disks.count { $0.dedicatedIOThread ?? false }
        if policy == .supplementalPool {
            shared = Int(request.domain.ioThreads?.supplementalPoolThreadCount ?? 0)
            dedicated = 0
        } else if policy == nil, owners == 0 {
            shared = 0
            dedicated = 0
        } else {
            let limit = Self.limit(request.domain)
            let others = request.devices.disks.count - owners
            shared = others + owners > limit ? max(1, limit - owners) : others
            dedicated = owners
        }
        nextVirtio = shared + 1
        nextSCSI = nextVirtio + request.devices.disks.count { $0.dedicatedIOThread ?? false && $0.bus == .virtio }
    }

    /// `auto` gives two threads a CPU, but one where the emulator thread has a CPU that they share.
    private static func limit(_ domain: DomainSpec) -> Int {
        guard domain.ioThreadsPolicy == .auto else { return 1 }
        if domain.cpu?.dedicatedCpuPlacement ?? false, domain.cpu?.isolateEmulatorThread ?? false { return 1 }
        let amount = domain.resources?.requests["cpu"] ?? domain.resources?.limits["cpu"]
        return Int(clamping: max(1, min(amount?.roundedUp ?? 1, 1 << 16))) * 2
    }

    /// The thread of the next disk; nil for a bus that has none. A SCSI disk's own thread is its controller's.
    mutating func next(_ disk: Disk) -> Int? {
        guard total > 0 else { return nil }
        if disk.dedicatedIOThread ?? false, dedicated > 0 {
            switch disk.bus {
            case .virtio:
                defer { nextVirtio += 1 }
                return nextVirtio
            case .scsi:
                defer { nextSCSI += 1 }
                return nextSCSI
            case .sata, .usb: return nil
            }
        }
        guard disk.bus == .virtio, shared > 0 else { return nil }
        defer { turn = (turn + 1) % shared }
        return turn + 1
    }
}
