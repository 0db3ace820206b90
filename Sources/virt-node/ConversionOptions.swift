import ArgumentParser
import DomainPlan
import FoundationEssentials
import HostModel
import KubeVirtModel
import KubernetesModel
import Placement
import SystemPackage

/// The node that a VMI is compiled for, and what the VM is given there: shared by `convert` and `explain`.
struct ConversionOptions: ParsableArguments {
    enum Accelerator: String, ExpressibleByArgument, CaseIterable {
        case auto, kvm, emulation
    }

    enum Emulation: String, ExpressibleByArgument, CaseIterable {
        case adapted, exact
    }

    @Option(help: ArgumentHelp("What runs the guest: kvm or emulation; auto means kvm here.", valueName: "mode"))
    var accelerator = Accelerator.auto

    @Option(
        help: ArgumentHelp(
            "What emulation cannot give: adapted drops it with a warning, exact refuses the VMI.", valueName: "policy"))
    var emulation = Emulation.adapted

    @Option(
        help: ArgumentHelp(
            "The node: what 'virt-node host -o json' printed there, or a folder laid out like /. This machine if left out.",
            valueName: "path"))
    var host: String?

    @Option(help: ArgumentHelp("The CPUs that the VM may use, such as 4-11,20-27. All if left out.", valueName: "list"))
    var cpuset: CPUSet?

    @Option(
        help: ArgumentHelp(
            "A device that the VM is given: a PCI address, an mdev's UUID, or BUS:DEVICE on USB. May be repeated.",
            valueName: "resource=address"))
    var device: [DeviceArgument] = []

    /// A VMI, and what it needs of the node.
    struct Prepared {
        var instance: VirtualMachineInstance
        var need: PlacementRequest?
        var topology: HostTopology?
        var grant: Grant
    }

    /// Compiles a VMI. Prints what is wrong and leaves with 3, or with 5 where the node cannot hold it.
    func plan(_ instance: VirtualMachineInstance, isExplaining: Bool = false) throws -> DomainPlan {
        try plan(prepare(instance), isExplaining: isExplaining)
    }

    func plan(_ prepared: Prepared, isExplaining: Bool = false) throws -> DomainPlan {
        let name = prepared.instance.name
        do {
            let request = try request(prepared, isExplaining: isExplaining)
            for warning in request.placement?.warnings ?? [] { Standard.error("\(name): \(warning)") }
            return try DomainPlan(request)
        } catch let error as PlacementError {
            Standard.error("virt-node: \(error)")
            throw ExitCode.hostNotCapable
        } catch {
            Standard.error("virt-node: \(error)")
            throw ExitCode.invalidInput
        }
    }

    /// Reads the node, where the VMI needs to know it.
    func prepare(_ instance: VirtualMachineInstance) throws -> Prepared {
        var grant = Grant(cpus: cpuset)
        for argument in device { grant.devices[argument.resource, default: []].append(argument.device) }
        guard var need = PlacementRequest(instance) else { return Prepared(instance: instance, grant: grant) }
        // Pages are counted on a node that is named; without one the question is what the domain looks like.
        if host == nil, !need.isDedicated { need.pageSizeBytes = nil }
        return Prepared(instance: instance, need: need, topology: HostTopology(try readHost()), grant: grant)
    }

    /// The pure way from here: places the VM, and names its files.
    func request(_ prepared: Prepared, isExplaining: Bool = false) throws(PlacementError) -> PlanRequest {
        let instance = prepared.instance
        let folder = "/run/virt-node/vms/\(instance.metadata.uid ?? instance.name)"
        var placement: Placement?
        if let need = prepared.need, let topology = prepared.topology {
            placement = try Placement.make(need, topology: topology, grant: prepared.grant)
        }
        return PlanRequest(
            instance: instance, accelerator: accelerator == .emulation ? .emulation : .kvm,
            resources: .nominal(for: instance, images: "/var/cache/virt-node/images", folder: folder),
            placement: placement, emulation: emulation == .exact ? .exact : .adapted, isExplaining: isExplaining)
    }

    private func readHost() throws -> Host {
        guard let host else { return Host(probing: HostRoot()) }
        do { return try Host.load(FilePath(host)) } catch {
            Standard.error("virt-node: --host: \(error)")
            if case .absent = error { throw ExitCode.notFound }
            throw ExitCode.invalidInput
        }
    }
}

extension CPUSet: ExpressibleByArgument {
    package init?(argument: String) { self.init(list: argument) }
}

/// `RESOURCE=ADDRESS`.
struct DeviceArgument: ExpressibleByArgument {
    var resource: String
    var device: GrantedDevice

    init?(argument: String) {
        guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex,
            let device = try? GrantedDevice(String(argument[argument.index(after: equals)...]))
        else { return nil }
        resource = String(argument[..<equals])
        self.device = device
    }
}
