import ArgumentParser
import HostModel
import KubeVirtModel
import Libvirt
import NodeAgent
import SystemPackage

/// `virt-node bench`: figures beside their baselines.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure virt-node beside a named baseline.",
        subcommands: [
            BenchConvertCommand.self, BenchStartCommand.self, BenchMemoryCommand.self, BenchDensityCommand.self,
            BenchPlacementCommand.self,
        ])
}

/// What both benchmarks are told.
struct BenchOptions: ParsableArguments {
    @Argument(help: "A file with one VMI, whose images are here already.")
    var file: String

    @Option(help: ArgumentHelp("Choose libvirt: auto, qemu:///system or qemu:///embed.", valueName: "uri"))
    var libvirtUri = "auto"

    @Option(help: ArgumentHelp("Keep run files, state and cache below this folder.", valueName: "dir"))
    var root = "/"

    func validate() throws {
        if LibvirtChoice(libvirtUri) == nil {
            throw ValidationError("--libvirt-uri \(libvirtUri): write auto, qemu:///system or qemu:///embed")
        }
    }

    /// The VMI, and a session to measure in.
    func open(width: Int) async throws -> (VirtualMachineInstance, BenchmarkSession) {
        let files = try ManifestFiles.read([file], namespace: "default")
        try files.requireInstances()
        let session: BenchmarkSession
        do throws(AgentError) {
            session = try await BenchmarkSession(
                SessionFolders(NodeFolders(root: FilePath(root))), libvirt: LibvirtChoice(libvirtUri) ?? .auto,
                objects: files.manifest, width: width)
        } catch {
            throw Self.failed(error)
        }
        return (files.manifest.instances[0], session)
    }

    static func failed(_ error: AgentError) -> ExitCode {
        Standard.error("virt-node: \(ErrorText.line(error))")
        return error.isHostFault ? .hostNotCapable : .failure
    }
}

/// `virt-node bench start`.
struct BenchStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Time starts, beside libvirt's own time for the very same domain.")

    @OptionGroup var options: BenchOptions

    @Option(help: "How many rounds; one more comes first and does not count.")
    var rounds = 10

    func run() async throws {
        let (instance, session) = try await options.open(width: 1)
        defer { try? session.close() }
        let benchmark = StartBenchmark(session, instance)
        var found: [StartBenchmark.Round] = []
        do throws(AgentError) {
            _ = try await benchmark.round()
            for _ in 0..<max(1, rounds) { found.append(try await benchmark.round()) }
        } catch {
            throw BenchOptions.failed(error)
        }
        print("start of \(instance.qualifiedName) at \(session.connection.endpoint.uri), \(found.count) rounds")
        show("virt-node, from the decision to a running guest", found.map(\.virtNode))
        show("baseline: virDomainCreateXML of the same XML", found.map(\.createXML))
        let virsh = found.compactMap { $0.virshCreate }
        if !virsh.isEmpty { show("baseline: virsh create of the same XML", virsh) }
        let baseline = virsh.isEmpty ? found.map(\.createXML) : virsh
        let added = Self.median(found.map(\.virtNode)) - Self.median(baseline)
        print("added: \(Int((added * 1000).rounded())) ms (\(Int((100 * added / Self.median(baseline)).rounded())) %)")
    }

    private func show(_ title: String, _ seconds: [Double]) {
        let sorted = seconds.sorted()
        let figures = [sorted.first ?? 0, Self.median(seconds), sorted.last ?? 0].map { seconds in
            let text = "\(Int((seconds * 1000).rounded())) ms"
            return String(repeating: " ", count: max(1, 10 - text.count)) + text
        }
        print(
            title + String(repeating: " ", count: max(1, 50 - title.count))
                + "min\(figures[0])  median\(figures[1])  max\(figures[2])")
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

/// `virt-node bench memory`.
struct BenchMemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "Measure virt-node's resident memory without VMs and with many.")

    @OptionGroup var options: BenchOptions

    @Option(name: .customLong("vms"), help: "How many VMs, paused.")
    var count = 20

    /// KubeVirt's own estimate for a VM of one vCPU without a display, less the guest's memory: inventory of its rules.
    private static let kubeVirtMiB = 258

    func run() async throws {
        let (instance, session) = try await options.open(width: 2)
        defer { try? session.close() }
        let benchmark = MemoryBenchmark(session)
        let empty = benchmark.now(count: 0)
        let full: MemoryBenchmark.Figures
        do throws(AgentError) { full = try await benchmark.with(count, of: instance) } catch {
            throw BenchOptions.failed(error)
        }
        print("resident memory at \(session.connection.endpoint.uri)")
        for figures in [empty, full] {
            show("virt-node with \(figures.count) VMs", figures.virtNode)
            if let daemon = figures.daemon { show("  libvirt's daemon beside it", daemon) }
        }
        if let before = empty.virtNode, let after = full.virtNode, full.count > 0 {
            print("a VM adds \((after.total - before.total) / full.count) KiB to virt-node")
        }
        print(
            "baseline: KubeVirt bills \(Self.kubeVirtMiB) MiB of overhead for a small headless VM, 190 MiB of it for its helpers"
        )
        if full.count < count {
            Standard.error("virt-node: only \(full.count) of \(count) VMs ran")
            throw ExitCode.failure
        }
    }

    private func show(_ title: String, _ resident: MemoryBenchmark.Resident?) {
        guard let resident else { return }
        let padding = String(repeating: " ", count: max(1, 34 - title.count))
        print("\(title)\(padding)\(resident.total / 1024) MiB, of it \(resident.anonymous / 1024) MiB anonymous")
    }
}
