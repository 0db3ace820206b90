import ArgumentParser
import FoundationEssentials
import Glibc
import HostModel
import Images
import Logging
import NodeAgent
import Sandbox
import Serving
import SystemPackage

/// `virt-node serve`: the daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run this node's VMs as the API says, and tell the API the truth about them.",
        discussion: """
            Without --kubeconfig and --in-cluster the daemon serves a Kubernetes API of its own, and prints the line that \
            points kubectl at it. Its VMs outlive it: whatever ends the daemon, the next one takes them over.
            """)

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Serve the cluster that this kubeconfig names.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context.", valueName: "name"))
    var context: String?

    @Flag(help: "Serve the cluster that this pod runs in.")
    var inCluster = false

    @Option(help: ArgumentHelp("This node's name in the API.", valueName: "name"))
    var nodeName: String?

    @Flag(help: "Take VMIs that nobody assigned, where they fit.")
    var claim = false

    @Option(help: ArgumentHelp("Choose the accelerator: auto, kvm (or fail) or emulation.", valueName: "mode"))
    var accelerator: String?

    @Option(help: ArgumentHelp("Choose libvirt: auto, system, embedded, or a URI.", valueName: "uri"))
    var libvirtUri: String?

    @Option(help: ArgumentHelp("Keep configuration, run files, state and cache below this folder.", valueName: "dir"))
    var root = "/"

    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key of the configuration.", valueName: "key=value"))
    var settings: [String] = []

    @Flag(inversion: .prefixedNo, help: "Verify the registry's TLS certificate; without, plain HTTP is allowed too.")
    var tlsVerify = true

    @Option(help: ArgumentHelp("Credentials for registries, as docker's config.json.", valueName: "file"))
    var authfile: String?

    func run() async throws {
        let folders = SessionFolders(NodeFolders(root: FilePath(root)))
        let environment = ProcessInfo.processInfo.environment
        let configuration = try read(folders, environment)
        let sandbox = try enter(configuration, environment)
        let log = DaemonLog(configuration.logLevel)
        let logger = log.logger(environment: environment)
        let monitor = sandbox?.watch(logger)
        defer { withExtendedLifetime(monitor) {} }
        let daemon = Daemon(
            folders, configuration,
            registry: RegistryOptions(tlsVerify: tlsVerify, certDir: nil, authFile: authfile.map { FilePath($0) }),
            logger: logger, sockets: .take(environment: environment), manager: .take(environment: environment),
            reload: Daemon.Reload(log) { () throws(ConfigurationError) in try load(folders, environment).configuration }
        )
        do throws(AgentError) { try await daemon.run { Standard.output($0 + "\n") } } catch {
            Standard.error("virt-node: \(ErrorText.line(error))")
            throw error.isHostFault ? ExitCode.hostNotCapable : ExitCode.failure
        }
    }

    /// While nothing else runs yet: what is given up now, no thread and no child has.
    private func enter(_ configuration: NodeConfiguration, _ environment: [String: String]) throws -> DaemonSandbox? {
        do throws(SandboxError) {
            return try DaemonSandbox.enter(
                configuration.sandbox, DaemonSandbox.Profile(configuration.libvirt), environment: environment)
        } catch {
            Standard.error("virt-node: \(error): set sandbox to off to serve without it")
            throw ExitCode.hostNotCapable
        }
    }

    private func read(_ folders: SessionFolders, _ environment: [String: String]) throws -> NodeConfiguration {
        for setting in settings where !setting.contains("=") {
            throw ValidationError("--set \(setting): write key=value, such as metrics.port=0")
        }
        do throws(ConfigurationError) {
            let loaded = try load(folders, environment)
            for warning in loaded.warnings { Standard.error("virt-node: \(warning)") }
            return loaded.configuration
        } catch {
            Standard.error("virt-node: \(error)")
            throw ExitCode.invalidInput
        }
    }

    private func load(
        _ folders: SessionFolders, _ environment: [String: String]
    ) throws(ConfigurationError) -> (configuration: NodeConfiguration, warnings: [String]) {
        var loaded = try NodeConfiguration.load(
            config.map { FilePath($0) }, standard: folders.node.configuration.appending("config.yaml"),
            environment: environment, options: overlay)
        // The folder of manifests moves with --root, unless somebody named another.
        if loaded.configuration.manifests == NodeConfiguration().manifests {
            loaded.configuration.manifests = folders.node.configuration.appending("vmis.d").string
        }
        return loaded
    }

    /// What the command line says, by the keys' names.
    private var overlay: [String: String] {
        var overlay: [String: String] = [:]
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else { continue }
            overlay[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
        overlay["api.kubeconfig"] = kubeconfig ?? overlay["api.kubeconfig"]
        overlay["api.context"] = context ?? overlay["api.context"]
        if inCluster { overlay["api.inCluster"] = "true" }
        if claim { overlay["claim.enabled"] = "true" }
        overlay["nodeName"] = nodeName ?? overlay["nodeName"]
        overlay["accelerator"] = accelerator ?? overlay["accelerator"]
        overlay["libvirtURI"] = libvirtUri ?? overlay["libvirtURI"]
        return overlay
    }
}
