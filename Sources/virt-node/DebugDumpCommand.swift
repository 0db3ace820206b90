import ArgumentParser
import FoundationEssentials
import Glibc
import HostModel
import Images
import KubernetesAPI
import KubernetesModel
import Logging
import NodeAgent
import Subprocess
import SystemPackage

/// `virt-node debug dump`: one archive with what it takes to understand a problem.
struct DumpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Write an archive with all that helps to understand a problem, without secrets.",
        discussion: """
            Works with and without a daemon; what cannot be had is named in INDEX.txt with the reason. Taken out are \
            cloud-init's data, the contents of Secrets and ConfigMaps, annotations that are not KubeVirt's or \
            virt-node's, tokens, passwords and private keys. What guests print is not in it. Names of VMs, images, \
            files and hosts are: look through it before it leaves your hands.
            """)

    @Option(help: ArgumentHelp("Write to this file, which must not be there yet.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Read the daemon's configuration from this file.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The daemon that was started with this --root.", valueName: "dir"))
    var root = "/"

    @Option(help: ArgumentHelp("Take the VMIs of the API that this kubeconfig names.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context.", valueName: "name"))
    var context: String?

    private var folders: SessionFolders { SessionFolders(NodeFolders(root: FilePath(root))) }

    func validate() throws {
        if context != nil, kubeconfig == nil { throw ValidationError("--context needs --kubeconfig") }
    }

    func run() async throws {
        if geteuid() != 0 { Standard.error("virt-node: much of it can be read by root alone: run it with sudo") }
        let now = Date()
        var contents = HostDump(folders).collect()
        let settings = readConfiguration(&contents)
        KnownSecrets.learn(
            &contents.scrubber, folders, settings,
            kubeconfigs: [kubeconfig.map { FilePath($0) }].compactMap(\.self))
        contents.append(await DumpPrograms(root: root).collect())
        contents.append(
            await DumpInterfaces(
                kubeconfig: kubeconfig, context: context, folders: folders, configuration: settings
            ).collect())
        let host = MachineEnvironment.hostname()
        let stamp = now.ISO8601Format().filter { $0 != "-" && $0 != ":" }
        let name = "virt-node-dump-\(host)-\(stamp)"
        let path = FilePath(output ?? "\(name).tar.gz")
        let heading = "virt-node \(Version.current) on \(host), \(now.ISO8601Format()), --root \(root)"
        do throws(ImageError) {
            try TarArchive.write(
                contents.files(below: name, heading: heading), to: path, modified: Int64(now.timeIntervalSince1970))
        } catch {
            Standard.error("virt-node: \(error)")
            throw ExitCode.failure
        }
        Standard.output("\(path)\n")
    }

    private func readConfiguration(_ contents: inout DumpContents) -> NodeConfiguration? {
        do throws(ConfigurationError) {
            return try NodeConfiguration.load(
                config.map { FilePath($0) }, standard: folders.node.configuration.appending("config.yaml")
            ).configuration
        } catch {
            contents.add("configuration/faults.txt", "why the configuration cannot be used", "\(error)\n")
            return nil
        }
    }
}

/// What other programs, and this one's own commands, say. Each is given a minute.
private struct DumpPrograms {
    let root: String

    func collect() async -> DumpContents {
        var contents = DumpContents()
        let own = DumpFileName.own
        let programs: [(name: String, what: String, words: [String])] = [
            ("versions/virt-node", "virt-node", [own, "--version"]),
            ("versions/qemu", "QEMU", ["qemu-system-x86_64", "--version"]),
            ("versions/skopeo", "skopeo", ["skopeo", "--version"]),
            ("versions/packages", "packages", ["dpkg-query", "-W", "qemu-system-x86", "libvirt*", "skopeo", "ovmf"]),
            ("doctor.json", "what the node can do", [own, "doctor", "-o", "json", "--root", root]),
            ("host.json", "CPUs, memory and devices: convert --host reads it", [own, "host", "-o", "json"]),
            ("images.txt", "the images on the node", [own, "image", "ls", "--root", root]),
            ("journal/virt-node.log", "what the daemon said, its end", Self.journal("virt-node")),
            ("journal/libvirt.log", "what libvirt said, its end", Self.journal("libvirtd", "virtqemud")),
            ("journal/kernel.log", "what the kernel said, its end", ["journalctl", "-k", "-n", "2000", "--no-pager"]),
        ]
        for program in programs { await take(program.name, program.what, program.words, &contents) }
        return contents
    }

    private static func journal(_ units: String...) -> [String] {
        ["journalctl", "-n", "5000", "--no-pager", "-o", "short-iso"] + units.flatMap { ["-u", $0] }
    }

    private func take(_ name: String, _ what: String, _ words: [String], _ contents: inout DumpContents) async {
        let line = words[0] == DumpFileName.own ? "virt-node" : words[0]
        do {
            let result = try await Subprocess.run(
                .name("timeout"), arguments: Arguments(["-k", "5", "60"] + words),
                environment: .inherit.updating(["LC_ALL": "C"]), output: .string(limit: 16 << 20),
                error: .string(limit: 1 << 16))
            switch result.terminationStatus {
            case .exited(124): contents.lacks(what, "\(line) did not end within 60 s")
            case .exited(127): contents.lacks(what, "\(line) is not installed")
            default: break
            }
            let (text, complaint) = (result.standardOutput, result.standardError)
            if !text.isEmpty { contents.add(name, what, text) }
            if !complaint.isEmpty, !result.terminationStatus.isSuccess { contents.lacks(what, "\(line): \(complaint)") }
        } catch {
            contents.lacks(what, "\(line): \(error)")
        }
    }
}

private enum DumpFileName {
    /// This program, also where another has taken its name meanwhile.
    static let own = "/proc/\(getpid())/exe"
}

/// What a daemon says by its socket and its port, and an API.
private struct DumpInterfaces {
    let kubeconfig: String?
    let context: String?
    let folders: SessionFolders
    let configuration: NodeConfiguration?

    func collect() async -> DumpContents {
        var contents = DumpContents()
        let name = await daemon(&contents)
        await objects(name, &contents)
        await port(&contents)
        return contents
    }

    /// The node's name, where the daemon tells it.
    private func daemon(_ contents: inout DumpContents) async -> String? {
        let socket = Daemon.socket(folders)
        guard let connection = open(.unixSocket(socket.string, token: nil), "the daemon's answers", &contents) else {
            return nil
        }
        var name: String?
        do throws(APIError) {
            let overview = try await connection.client.send("GET", path: "/virt-node/v1/overview")
            name = overview?["node"]?.text
            add("daemon/overview.json", "the VMs that the daemon knows", overview, &contents)
            add(
                "daemon/resources.json", "who holds what",
                try await connection.client.send("GET", path: "/virt-node/v1/resources"), &contents)
            for machine in overview?["machines"]?.elements ?? [] {
                guard let namespace = machine["namespace"]?.text, let name = machine["name"]?.text else { continue }
                let report = try await connection.report(namespace, name)
                add("daemon/machines/\(namespace)_\(name).json", "what the daemon knows of a VM", report, &contents)
            }
        } catch {
            contents.lacks("the daemon's answers", "\(error)")
        }
        await connection.client.close()
        return name
    }

    /// This node's VMIs, their events and the Node: of the daemon's own API, or of the cluster.
    private func objects(_ daemonName: String?, _ contents: inout DumpContents) async {
        let name = daemonName ?? configuration?.nodeName ?? MachineEnvironment.hostname()
        let server: ServerConfiguration
        do throws(APIError) {
            if let kubeconfig {
                server = try .kubeconfig(FilePath(kubeconfig), context: context)
            } else if let kubeconfig = configuration?.api.kubeconfig {
                server = try .kubeconfig(FilePath(kubeconfig), context: configuration?.api.context)
            } else {
                server = .unixSocket(Daemon.socket(folders).string, token: nil)
            }
        } catch {
            return contents.lacks("the objects of the API", "\(error)")
        }
        guard let connection = open(server, "the objects of the API", &contents) else { return }
        let labels = connection.isSocket ? nil : "kubevirt.io/nodeName=\(name)"
        do {
            let instances = try await connection.list(.instances, namespace: nil, labels: labels).items
            for instance in instances {
                for secret in DocumentRedaction.secrets(in: instance) { contents.scrubber.learn(secret) }
            }
            add("api/instances.json", "the VMIs of this node", .array(instances), &contents)
            let mine = Set(instances.compactMap(\.objectUID))
            let events = try await connection.list(.events, namespace: nil).items.filter { event in
                let subject = event["involvedObject"]
                return connection.isSocket || subject?["name"]?.text == name
                    || mine.contains(subject?["uid"]?.text ?? "")
            }
            add("api/events.json", "what happened to them and to the node", .array(events), &contents)
            add("api/node.json", "the Node", try await connection.get(.nodes, namespace: nil, name: name), &contents)
        } catch {
            contents.lacks("the objects of the API", "\(error)")
        }
        await connection.client.close()
    }

    private func open(
        _ server: ServerConfiguration, _ what: String, _ contents: inout DumpContents
    ) -> NodeConnection? {
        do throws(APIError) { return try NodeConnection(server) } catch {
            contents.lacks(what, "\(error)")
            return nil
        }
    }

    private func add(_ path: String, _ what: String, _ document: DocumentNode?, _ contents: inout DumpContents) {
        guard let document else { return contents.lacks(what, "the answer is empty") }
        contents.add(path, what, DocumentWriter.json(DocumentRedaction.redacted(document)) + "\n")
    }

    /// Health and metrics.
    private func port(_ contents: inout DumpContents) async {
        let metrics = (configuration ?? NodeConfiguration()).metrics
        guard metrics.port > 0 else { return contents.lacks("health and metrics", "metrics.port is 0") }
        let address = ["0.0.0.0", "::"].contains(metrics.address) ? "127.0.0.1" : metrics.address
        let host = address.contains(":") ? "[\(address)]" : address
        var server = ServerConfiguration(
            server: "\(metrics.tls.isConfigured ? "https" : "http")://\(host):\(metrics.port)")
        // The daemon is on this machine, and nothing is told to it.
        server.trust = .anybody
        guard let connection = open(server, "health and metrics", &contents) else { return }
        for (path, what) in [
            ("healthz", "whether the daemon's loops turn"), ("readyz", "whether it is ready, and for what it waits"),
            ("metrics", "its metrics"),
        ] {
            var bytes: [UInt8] = []
            do throws(APIError) {
                try await connection.client.read(path: "/\(path)") { bytes += $0 }
                contents.add("daemon/\(path).txt", what, String(decoding: bytes, as: UTF8.self))
            } catch {
                contents.lacks("/\(path) of port \(metrics.port)", "\(error)")
            }
        }
        await connection.client.close()
    }
}
