import ArgumentParser
import FoundationEssentials
import HostModel
import KubernetesModel
import Libvirt
import NodeAgent
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `virt-node doctor`: what this node can do, with evidence and remedies.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether and how well this node can run VMs.",
        discussion: """
            Looks at the accelerator, libvirt, QEMU, the kernel and the programs that VMs need, and says what was \
            found and what to do. The accelerator is probed by running guest code, once per boot.

            Exits with 0 when VMs can run, be it emulated, and with 5 when they cannot.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case wide
        case json
        case yaml
    }

    @Option(name: .shortAndLong, help: "Print a table, or json or yaml for programs.")
    var output: Format = .table

    @Option(help: ArgumentHelp("Keep run files, state and cache below this folder.", valueName: "dir"))
    var root: String = "/"

    @Option(help: ArgumentHelp("Choose the accelerator: auto, kvm (or fail) or emulation.", valueName: "mode"))
    var accelerator: AcceleratorMode = .auto

    @Flag(help: "Probe the accelerator anew, even if it was probed since this machine booted.")
    var refresh = false

    @Flag(help: "Remove what dead VMs and runs left behind.")
    var clean = false

    func run() async throws {
        let folders = NodeFolders(root: FilePath(root))
        if clean { return try await sweep(folders) }
        let (report, failure) = await examine(folders)
        print(try text(of: report), terminator: "")
        if let failure, accelerator == .kvm { try note("virt-node: \(failure)") }
        if !report.canRunVirtualMachines || failure != nil && accelerator == .kvm {
            throw ExitCode(5)
        }
    }

    private func examine(_ folders: NodeFolders) async -> (DoctorReport, AcceleratorError?) {
        let libvirt = await LibvirtFacts.current()
        var failure: AcceleratorError?
        let verdict: AcceleratorVerdict
        do {
            verdict = try await AcceleratorVerdict.current(accelerator, refresh: refresh, folders: folders)
        } catch {
            failure = error
            verdict = AcceleratorVerdict(unusable: error)
        }
        let host = Host(probing: HostRoot())
        let context = DoctorContext(host: host, accelerator: verdict, libvirt: libvirt, folders: folders)
        var report = Doctor.examine(context)
        report.checks += NodeNeighbours.findings(on: host)
        report.checks.append(SandboxFindings.capability(folders, on: HostRoot()))
        return (report, failure)
    }

    /// `--clean`: removes what dead runs left, and names it.
    private func sweep(_ folders: NodeFolders) async throws {
        let report: SweepReport
        do throws(AgentError) {
            report = try await LeftoverSweeper(SessionFolders(folders)).sweep(
                pool: BlockingPool(label: "libvirt", width: 2))
        } catch {
            try note("virt-node: \(ErrorText.line(error))")
            throw ExitCode.failure
        }
        for line in report.removed { print("removed \(line)") }
        for line in report.problems { try note("virt-node: \(line)") }
        if report.removed.isEmpty, report.problems.isEmpty { print("nothing was left behind") }
        if !report.problems.isEmpty { throw ExitCode.failure }
    }

    private func text(of report: DoctorReport) throws -> String {
        switch output {
        case .table: return DoctorTable(report: report, colors: isatty(STDOUT_FILENO) == 1).text
        case .wide: return DoctorTable(report: report, colors: isatty(STDOUT_FILENO) == 1, wide: true).text
        case .json: return try json(report) + "\n"
        case .yaml: return try DocumentReader().read(json(report)).map(DocumentWriter.yaml).joined()
        }
    }

    private func json(_ report: DoctorReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    private func note(_ line: String) throws {
        _ = try FileDescriptor.standardError.writeAll("\(line)\n".utf8)
    }
}

extension AcceleratorMode: ExpressibleByArgument {}

extension LibvirtFacts {
    /// Asks the host's daemon, if its socket takes connections, and gives it five seconds.
    static func current() async -> LibvirtFacts {
        var facts = LibvirtFacts(probing: HostRoot())
        facts.libraryVersion = Connection.libraryVersion()
        guard LibvirtChoice.daemonListens() else { return facts }
        switch await SystemProbe.ask() {
        case .version(let version): (facts.systemVersion, facts.systemError) = (version, nil)
        case .failed(let error): facts.systemError = "\(error)"
        case .silent(let seconds): facts.systemError = "it takes connections, and does not answer within \(seconds) s"
        }
        return facts
    }
}
