import ArgumentParser
import NodeAgent

/// `virt-node debug configuration`: every key of the configuration, as `docs/configuration.md` shows it.
struct ConfigurationKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration", abstract: "Print every key of the configuration, as Markdown.")

    func run() {
        var text = """
            # Configuration

            `/etc/virt-node/config.yaml` holds these keys. What systemd hands on as a credential named like a key
            (`LoadCredential=api.kubeconfig:/root/kubeconfig`) wins over the file, the environment over both, and the command
            line (`virt-node serve --set KEY=VALUE`) over all. An unknown key is an error: `virt-node config check`. SIGHUP
            makes `logLevel` and `priorityClasses` count at once; other keys want a restart. This page is printed by
            `virt-node debug configuration`, and `virt-node config schema` prints a JSON Schema.

            | key | environment | what it is | allowed |
            |---|---|---|---|

            """
        for key in ConfigurationKey.all {
            text += "| `\(key.path)` | `\(key.environmentName)` | \(key.summary) | \(key.allowed) |\n"
        }
        Standard.output(text)
    }
}
