import ArgumentParser
import NodeAgent

/// `virt-node debug configuration`: every key of the configuration, as `docs/configuration.md` shows it.
struct ConfigurationKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configuration", abstract: "Print every key of the configuration, as Markdown.")

    func run() {
        var text = """
            # Configuration

            `/etc/virt-node/config.yaml` holds these keys; the environment overrides the file, and the command line
            (`virt-node serve --set KEY=VALUE`) both. An unknown key is an error. This page is printed by
            `virt-node debug configuration`.

            | key | environment | what it is | allowed |
            |---|---|---|---|

            """
        for key in ConfigurationKey.all {
            text += "| `\(key.path)` | `\(key.environmentName)` | \(key.summary) | \(key.allowed) |\n"
        }
        Standard.output(text)
    }
}
