import ArgumentParser
import FoundationEssentials
import HostModel
import Images
import KubernetesAPI
import KubernetesModel
import Logging
import NodeAgent
import SystemPackage

/// `virt-node bench density`.
struct BenchDensityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "density",
        abstract: "Create many VMIs, and time how they come and go, beside KubeVirt's density test.",
        discussion: """
            Starts a daemon of its own on a folder of its own, and leaves nothing behind. With --kubeconfig the VMIs are \
            created in a cluster instead, and --metrics names the page of the node's daemon.
            """)

    enum Driver: String, ExpressibleByArgument, CaseIterable {
        case fake, qemu

        var uri: String { self == .fake ? "test:///default" : "embedded" }
    }

    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Option(help: "How many VMIs.")
    var count = 100

    @Option(help: ArgumentHelp("Milliseconds between two creations; 0 creates them at once.", valueName: "ms"))
    var gap = 100

    @Option(help: "Creations that are under way at a time.")
    var atOnce = 100

    @Option(help: "libvirt's own fake, which runs no QEMU, or qemu.")
    var driver = Driver.fake

    @Option(help: ArgumentHelp("The VMI; a minimal one where left out.", valueName: "file"))
    var vmi: String?

    @Option(help: ArgumentHelp("A folder with the guest's files, which becomes the image.", valueName: "dir"))
    var guest: String?

    @Option(help: "What the VMI calls this image.")
    var image = "hello:latest"

    @Option(help: ArgumentHelp("Memory of the minimal VMI, such as 128Mi.", valueName: "quantity"))
    var memory = "128Mi"

    @Option(help: ArgumentHelp("Write the report and its chart to this file.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Write the chart to this file.", valueName: "file"))
    var svg: String?

    @Option(name: .shortAndLong, help: "Print tables, or json with all raw times.")
    var output = Output.table

    @Option(help: ArgumentHelp("Measure in the cluster that this kubeconfig names.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context.", valueName: "name"))
    var context: String?

    @Option(
        help: ArgumentHelp("The node that the VMIs are for, by their label; any where left out.", valueName: "name"))
    var node: String?

    @Option(help: ArgumentHelp("The daemon's metrics, such as http://NODE:8185.", valueName: "url"))
    var metrics: String?

    @Option(name: .shortAndLong, help: "The namespace.")
    var namespace = "default"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Set a key of the own daemon's configuration.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("How long all VMs may take to run, and again to go.", valueName: "seconds"))
    var timeout = 600

    func validate() throws {
        if count < 1 { throw ValidationError("--count \(count): write 1 or more") }
        if gap < 0 { throw ValidationError("--gap \(gap): write a number of milliseconds, 0 or more") }
        if atOnce < 1 { throw ValidationError("--at-once \(atOnce): write 1 or more") }
        if timeout < 1 { throw ValidationError("--timeout \(timeout): write a number of seconds above 0") }
        if kubeconfig == nil, metrics != nil || node != nil || context != nil {
            throw ValidationError("--metrics, --node and --context are for a cluster: give --kubeconfig too")
        }
        if kubeconfig == nil, driver == .qemu, guest == nil {
            throw ValidationError("--driver qemu needs a guest: give its files with --guest, such as make demo builds")
        }
    }

    func run() async throws {
        let template = try template()
        let figures: DensityFigures
        do {
            figures = try await kubeconfig == nil ? withOwnDaemon(template) : inCluster(template)
        } catch let error as APIError {
            Standard.error("virt-node: \(error)")
            throw ExitCode.failure
        } catch let error as ImageError {
            Standard.error("virt-node: --guest: \(error)")
            throw ExitCode.failure
        }
        let report = BenchDensityReport(figures, subject: subject)
        Standard.output(output == .table ? report.text : report.json)
        if let svg { try write(report.chart.svg, to: svg) }
        if let html { try write(report.page.html, to: html) }
        for failure in figures.failures.prefix(5) { Standard.error("virt-node: \(failure)") }
        if figures.failures.count > 5 { Standard.error("virt-node: and \(figures.failures.count - 5) more") }
        if !figures.failures.isEmpty { throw ExitCode.failure }
    }

    private var subject: String {
        let pace = gap == 0 ? "at once (\(min(atOnce, count)) at a time)" : "\(gap) ms apart"
        let place = kubeconfig != nil ? "a cluster" : driver == .fake ? "libvirt's fake driver" : "QEMU"
        return "\(count) VMIs \(pace) on \(place)"
    }

    private func write(_ text: String, to path: String) throws {
        do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
            Standard.error("virt-node: cannot write \(path): \(error)")
            throw ExitCode.failure
        }
    }

    // MARK: The VMI

    private func template() throws -> DocumentNode {
        var object = try vmi.map(read) ?? minimal
        for name in ["uid", "resourceVersion", "creationTimestamp", "managedFields"] {
            object[["metadata", name]] = nil
        }
        object[["status"]] = nil
        if let node { object[["metadata", "labels", "kubevirt.io/nodeName"]] = .string(node) }
        return object
    }

    private func read(_ path: String) throws -> DocumentNode {
        let files = try ManifestFiles.read([path], namespace: namespace)
        try files.requireInstances()
        let documents = try files.texts.values.flatMap { try DocumentReader().read($0) }
        guard let found = documents.first(where: { $0["kind"]?.text == "VirtualMachineInstance" }) else {
            Standard.error("virt-node: \(path): the VMI must be a document of its own, not an item of a list")
            throw ExitCode.invalidInput
        }
        return found
    }

    /// Killed at its deletion: how long a guest takes to power off says nothing of virt-node.
    private var minimal: DocumentNode {
        var object = DocumentNode.object([
            DocumentMember("apiVersion", .string("kubevirt.io/v1")),
            DocumentMember("kind", .string("VirtualMachineInstance")),
        ])
        object[["spec", "terminationGracePeriodSeconds"]] = .number(0)
        object[["spec", "domain", "devices"]] = .object([])
        object[["spec", "domain", "memory", "guest"]] = .string(memory)
        if driver == .qemu {
            let boot = ["spec", "domain", "firmware", "kernelBoot"]
            object[boot + ["kernelArgs"]] = .string("console=ttyS0 quiet cryptomgr.notests")
            object[boot + ["container", "image"]] = .string(image)
            object[boot + ["container", "kernelPath"]] = .string("/boot/vmlinuz")
            object[boot + ["container", "initrdPath"]] = .string("/boot/initrd")
        }
        return object
    }

    // MARK: The places

    private func inCluster(_ template: DocumentNode) async throws -> DensityFigures {
        let configuration = try ServerConfiguration.kubeconfig(FilePath(kubeconfig ?? ""), context: context)
        return try await measure(template, configuration, metrics: metrics)
    }

    private func withOwnDaemon(_ template: DocumentNode) async throws -> DensityFigures {
        try await BenchDensityDaemon.with(libvirt: driver.uri, settings: settings) { daemon in
            if let guest {
                let store = try ImageStore(folder: daemon.folders.images)
                _ = try await store.importFolder(at: FilePath(guest), name: image, progress: nil)
            }
            return try await measure(
                template, .unixSocket(Daemon.socket(daemon.folders).string, token: nil), metrics: daemon.metrics)
        }
    }

    private func measure(
        _ template: DocumentNode, _ configuration: ServerConfiguration, metrics: String?
    ) async throws -> DensityFigures {
        var logger = Logger(label: "virt-node") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        let client = try KubernetesClient(configuration, userAgent: "virt-node-bench", logger: logger)
        let scraper = try metrics.map { try DensityScraper($0, logger: logger) }
        let run = String(UInt32.random(in: .min ... .max), radix: 36)
        func benchmark(_ run: String, _ count: Int, _ patience: Int) -> DensityBenchmark {
            DensityBenchmark(
                client, template: template, namespace: namespace, run: run, count: count,
                gap: .milliseconds(gap), width: atOnce, patience: .seconds(patience), logger: logger,
                counters: { await scraper?.counters() })
        }
        // The first VM pays for what is learnt once, such as what QEMU can do; and if it cannot run, no other can.
        let warmUp = benchmark("\(run)-first", 1, min(timeout, 60))
        let main = benchmark(run, count, timeout)
        let signals = StopSignals {
            warmUp.stop()
            main.stop()
        }
        defer { signals.cancel() }
        let first = await warmUp.measure { _, _ in }
        for failure in first.failures { Standard.error("virt-node: \(failure)") }
        if !first.failures.isEmpty { throw ExitCode.failure }
        let line = DensityProgress(count)
        let figures = await main.measure { line.show(running: $0, gone: $1) }
        line.finish()
        await client.close()
        await scraper?.close()
        return figures
    }
}
