import DomainModel
import DomainPlan
import HostModel
import KubeVirtModel
import KubernetesModel
import Placement

/// The way from a text to domains, as `convert` and `explain` go it, on a host that has every device that is asked for.
enum Pipeline {
    static let images = "/var/cache/virt-node/images"

    /// Where the files of a VMI lie.
    static func folder(of instance: VirtualMachineInstance) -> String {
        "/run/virt-node/vms/\(instance.metadata.uid ?? instance.name)"
    }

    struct Reading {
        var issues: [FieldIssue]
        var instances: [VirtualMachineInstance]

        var errors: [FieldIssue] { issues.filter { $0.severity == .error } }
        /// Whether the text is no document.
        var isUnreadable: Bool { errors.contains { $0.path.isEmpty } }
        /// The VMIs of a text without an error.
        var accepted: [VirtualMachineInstance] { errors.isEmpty ? instances : [] }
    }

    static func read(_ text: String) -> Reading {
        var reader = ManifestReader()
        reader.read(text, file: "fuzz.yaml")
        return Reading(issues: reader.issues.map(\.issue), instances: reader.manifest.instances)
    }

    /// Reads a tree, through the text that a program would send.
    static func read(_ tree: DocumentNode) -> Reading { read(DocumentWriter.json(tree, indent: nil)) }

    struct Compiled {
        var plan: DomainPlan
        var text: String
        var root: XMLElement
    }

    /// Why an accepted VMI has no domain, where that may be.
    enum Outcome {
        case domain(Compiled)
        /// The host has too little, or what it grants does not fit.
        case noRoom
        case fault(String)
    }

    static func compile(
        _ instance: VirtualMachineInstance, _ accelerator: PlanAccelerator, isExplaining: Bool = false
    ) -> Outcome {
        do {
            let plan = try DomainPlan(
                PlanRequest(
                    instance: instance, accelerator: accelerator,
                    resources: .nominal(for: instance, images: images, folder: folder(of: instance)),
                    placement: try place(instance), isExplaining: isExplaining))
            let text = plan.domain.xml().text
            if isExplaining { _ = try Explanation(plan, of: instance, wrote: nil).text }
            return .domain(Compiled(plan: plan, text: text, root: try XMLReader.read(text)))
        } catch {
            return isExcusable(error) ? .noRoom : .fault("no domain of \(instance.name): \(error)")
        }
    }

    /// What validation cannot know, because it is a matter of the host.
    private static func isExcusable(_ error: any Error) -> Bool {
        switch error {
        case is PlacementError: true
        case DomainPlanError.rootComplexFull, DomainPlanError.deviceOfWrongKind:
            true
        default: false
        }
    }

    private static func place(_ instance: VirtualMachineInstance) throws(PlacementError) -> Placement? {
        guard let need = PlacementRequest(instance) else { return nil }
        let devices = instance.spec.domain.devices
        let generic = devices.hostDevices.count
        let graphics = generic + devices.gpus.count
        var grant = Grant()
        for (index, wanted) in need.devices.enumerated() {
            let pci = GrantedDevice.pci("\(hex(index >> 13, 4)):\(hex(index >> 5 & 0xFF, 2)):\(hex(index & 31, 2)).0")
            let mdev = GrantedDevice.mdev("5d307ca9-b3ef-428c-8861-\(hex(index, 12))")
            let usb = GrantedDevice.usb(bus: 1 + index / 127 % 999, device: 1 + index % 127)
            let choice = index < generic ? [pci, mdev, usb] : index < graphics ? [mdev, pci] : [pci]
            grant.devices[wanted.resource, default: []].append(choice[index % choice.count])
        }
        return try Placement.make(need, topology: host, grant: grant)
    }

    private static func hex(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Two sockets of 16 cores with two threads; each cell has 4 GiB in pages of 2 MiB, and as much in pages of 1 GiB.
    private static let host: HostTopology = {
        let cells = (0..<2).map { id in
            NUMACell(
                id: id, cpus: CPUSet(Array(id * 16..<id * 16 + 16) + Array(id * 16 + 32..<id * 16 + 48)),
                memoryKiB: 64 << 20, memoryFreeKiB: 60 << 20, distances: [id: 10, 1 - id: 21],
                hugepages: [
                    HugepagePool(sizeKiB: 2048, total: 2048, free: 2048),
                    HugepagePool(sizeKiB: 1 << 20, total: 4, free: 4),
                ])
        }
        let cpus = (0..<64).map { id in
            HostCPU(id: id, socket: id / 16 % 2, core: id % 32, siblings: CPUSet([id % 32, id % 32 + 32]))
        }
        return HostTopology(
            Host(
                kernel: Kernel(release: "", bootID: "", commandLine: []),
                cgroup: CgroupLayout(version: .v2, controllers: [], mountPoints: []), cpus: cpus, cells: cells,
                memoryKiB: 128 << 20, memoryAvailableKiB: 120 << 20, pciDevices: []))
    }()
}
