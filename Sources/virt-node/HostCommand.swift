import ArgumentParser
import FoundationEssentials
import HostModel
import KubernetesAPI
import KubernetesModel
import NodeAgent
import SystemPackage

/// `virt-node host`: what this node is made of, or another one that was written down.
struct HostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Show the CPUs, NUMA cells, hugepages and PCI devices of a node.",
        discussion: """
            The table lists accelerators, NICs, NVMe drives and virtual functions; -o wide lists every PCI device. \
            Below it each NUMA cell is drawn: its cores as groups of threads, its pages and its devices by root \
            complex. -o json prints what convert --host reads. Where a daemon runs, a last table says which VM holds which \
            CPUs, pages, devices and memory.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case wide
        case json
        case yaml
    }

    @Option(name: .shortAndLong, help: "Print tables and a drawing, or json or yaml for programs.")
    var output: Format = .table

    @Option(help: ArgumentHelp("Read the node from a folder that is laid out like /.", valueName: "dir"))
    var root: String?

    @Option(
        help: ArgumentHelp("Show the node that a file of -o json describes, or such a folder.", valueName: "file|dir"))
    var host: String?

    @Option(help: ArgumentHelp("Ask the daemon that was started with this --root who holds what.", valueName: "dir"))
    var daemonRoot = "/"

    func validate() throws {
        if root != nil, host != nil { throw ValidationError("give --root or --host, not both") }
    }

    func run() async throws {
        let host = try read()
        switch output {
        case .table, .wide:
            Standard.output(HostReport(host: host, wide: output == .wide, unicode: Self.terminalIsUnicode).text)
            if root == nil, self.host == nil { try await printHoldings() }
        case .json: Standard.output(try host.json())
        case .yaml: Standard.output(try Self.reader.read(host.json()).map(DocumentWriter.yaml).joined())
        }
    }

    /// Nothing where no daemon has run.
    private func printHoldings() async throws {
        let socket = Daemon.socket(SessionFolders(NodeFolders(root: FilePath(daemonRoot))))
        guard FileManager.default.fileExists(atPath: socket.string) else { return }
        let options = try NodeOptions.parse(["--root", daemonRoot])
        try await options.speak { connection in
            guard let resources = try await connection.client.send("GET", path: "/virt-node/v1/resources") else {
                return
            }
            let report = HoldingsReport(resources)
            Standard.output("\n" + report.text + report.devices)
        }
    }

    private func read() throws -> Host {
        do throws(HostLoadError) {
            if let host { return try Host.load(FilePath(host)) }
            return try Host.load(folder: FilePath(root ?? "/"))
        } catch {
            Standard.error("virt-node: \(error)")
            throw Self.exitCode(error)
        }
    }

    private static func exitCode(_ error: HostLoadError) -> ExitCode {
        switch error {
        case .absent: .notFound
        case .unreadable: .failure
        case .tooLarge, .notAHostFolder, .notJSON, .unknownVersion, .invalid: .invalidInput
        }
    }

    /// The budgets of a VMI are too small for a host with thousands of virtual functions.
    private static var reader: DocumentReader {
        var reader = DocumentReader()
        reader.maximumBytes = 256 << 20
        reader.maximumNodes = 1 << 24
        return reader
    }

    /// As the C library reads the locale: the first of these that is set decides.
    private static var terminalIsUnicode: Bool {
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        let name = (locale ?? "").lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}
