import ArgumentParser
import FoundationEssentials
import HostModel
import KubernetesModel
import NodeAgent
import SystemPackage

/// `virt-node config`: the daemon's configuration, without the daemon.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the daemon's configuration, and show what it may hold.",
        subcommands: [Check.self, Schema.self])

    /// `virt-node config check`: what `serve` would say, without serving.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the configuration as the daemon would read it.",
            discussion: "Exit status 0: it can be used; 3: each fault is told, with its place.")

        @Argument(help: "The configuration file; without, /etc/virt-node/config.yaml.")
        var file: String?

        @Flag(help: "Take the environment's VIRT_NODE_… variables too, as the daemon does.")
        var environment = false

        func run() throws {
            let standard = NodeFolders(root: "/").configuration.appending("config.yaml")
            do throws(ConfigurationError) {
                let loaded = try NodeConfiguration.load(
                    file.map { FilePath($0) }, standard: standard,
                    environment: environment ? ProcessInfo.processInfo.environment : [:])
                for warning in loaded.warnings { Standard.error("virt-node: \(warning)") }
            } catch {
                for line in error.lines { Standard.error("virt-node: \(line)") }
                throw ExitCode.invalidInput
            }
            let path = file ?? standard.string
            let isThere = FileManager.default.fileExists(atPath: path)
            Standard.output(isThere ? "\(path): ok\n" : "\(path) is absent: the defaults count\n")
        }
    }

    /// `virt-node config schema`: what the file may hold, for editors.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of the configuration file.")

        func run() { Standard.output(DocumentWriter.json(ConfigurationSchema.document) + "\n") }
    }
}
