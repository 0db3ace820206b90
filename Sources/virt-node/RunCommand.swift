import ArgumentParser
import Dispatch
import Glibc
import HostModel
import Images
import KubeVirtModel
import NodeAgent
import Synchronization
import SystemPackage

/// `virt-node run`: VMs in the foreground, from files.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the VMs of VMI files in the foreground.",
        discussion: """
            Needs no daemon, no cluster and no configuration. Secrets and ConfigMaps that the VMIs name are read from \
            the same files. At a terminal each step is shown with its duration.

            ^C shuts the guests down within their terminationGracePeriodSeconds; a second ^C kills them. Whatever ends \
            the program, nothing stays behind: what a killed one leaves, the next one removes.
            """)

    @Argument(help: "The files; - is the standard input.")
    var files: [String]

    @Flag(help: "Show the serial console and type into it; ^] leaves it. One VM only.")
    var console = false

    @Option(name: .shortAndLong, help: "Print the VMI at each change of its status: table, wide, json or yaml.")
    var output: StatusFormat?

    @Option(name: .shortAndLong, help: "The namespace of objects that name none.")
    var namespace = "default"

    @Option(help: ArgumentHelp("Add what guests print on their serial consoles to this file.", valueName: "file"))
    var serialLog: String?

    @Option(help: ArgumentHelp("Stop the VMs after so many seconds, and exit with 124.", valueName: "seconds"))
    var timeout: Int?

    @Option(help: ArgumentHelp("Choose the accelerator: auto, kvm (or fail) or emulation.", valueName: "mode"))
    var accelerator: AcceleratorMode = .auto

    @Option(help: ArgumentHelp("Choose libvirt: auto, qemu:///system or qemu:///embed.", valueName: "uri"))
    var libvirtUri = "auto"

    @Option(help: ArgumentHelp("Keep run files, state and cache below this folder.", valueName: "dir"))
    var root = "/"

    @Flag(inversion: .prefixedNo, help: "Verify the registry's TLS certificate; without, plain HTTP is allowed too.")
    var tlsVerify = true

    @Option(help: ArgumentHelp("Credentials for registries, as docker's config.json.", valueName: "file"))
    var authfile: String?

    @Option(help: ArgumentHelp("A folder with certificates for the registry.", valueName: "dir"))
    var certDir: String?

    @Option(help: "Show steps: auto (at a terminal), always or never.")
    var progress: ProgressMode = .auto

    func validate() throws {
        if files.isEmpty { throw ValidationError("name a file") }
        if console, output != nil {
            throw ValidationError("--console and --output both write to the standard output: choose one")
        }
        if LibvirtChoice(libvirtUri) == nil {
            throw ValidationError("--libvirt-uri \(libvirtUri): write auto, qemu:///system or qemu:///embed")
        }
        if let timeout, timeout <= 0 {
            throw ValidationError("--timeout \(timeout): write a number of seconds above 0")
        }
    }

    func run() async throws {
        let files = try ManifestFiles.read(files, namespace: namespace)
        try files.requireInstances()
        if console, files.manifest.instances.count > 1 {
            throw ValidationError("--console takes one VM, and the files hold \(files.manifest.instances.count)")
        }
        let folders = SessionFolders(NodeFolders(root: FilePath(root)))
        let run = ForegroundRun(
            folders,
            ForegroundRun.Options(
                accelerator: accelerator, libvirt: LibvirtChoice(libvirtUri) ?? .auto,
                registry: RegistryOptions(
                    tlsVerify: tlsVerify, certDir: certDir.map { FilePath($0) }, authFile: authfile.map { FilePath($0) }
                ),
                parallelStarts: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))))
        let printer = try RunPrinter(
            format: output, showsSteps: progress.isOn, console: console, serialLog: serialLog,
            names: files.manifest.instances.count > 1)
        let signals = StopSignals {
            if Standard.errorIsTerminal { Standard.error("virt-node: stopping; ^C again kills") }
            run.stop()
        }
        defer { signals.cancel() }
        let terminal = console ? ConsoleTerminal { run.type($0) } : nil
        defer { terminal?.restore() }
        let isLate = startTimer(run)
        let endings: [MachineStateMachine.Ending]
        do throws(AgentError) {
            endings = try await run.run(
                files.manifest, setup: { printer.show($0) }, report: { printer.show($0, $1) })
        } catch {
            printer.showFailure(error)
            throw error.isHostFault ? ExitCode.hostNotCapable : ExitCode.failure
        }
        if isLate.withLock({ $0 }) { throw ExitCode.timedOut }
        if endings.contains(where: { $0.phase == .unknown || ($0.phase == .failed && !$0.wasRequested) }) {
            throw ExitCode.failure
        }
    }

    /// Stops the run at the timeout; the box says whether it did.
    private func startTimer(_ run: ForegroundRun) -> MutexBox {
        let box = MutexBox()
        guard let timeout else { return box }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(timeout)) {
            box.withLock { $0 = true }
            Standard.error("virt-node: \(timeout) s are over: stopping")
            run.stop()
        }
        return box
    }
}

/// A flag that two threads share.
final class MutexBox: Sendable {
    private let value = Mutex(false)
    func withLock<Result>(_ body: (inout sending Bool) -> sending Result) -> Result { value.withLock(body) }
}

/// `--progress`.
enum ProgressMode: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    var isOn: Bool {
        switch self {
        case .auto: Standard.errorIsTerminal
        case .always: true
        case .never: false
        }
    }
}
