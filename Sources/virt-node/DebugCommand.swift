import ArgumentParser
import FoundationEssentials
import KubeVirtModel
import KubernetesModel

/// `virt-node debug`: what those who work on virt-node itself ask it.
struct DebugCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "debug", abstract: "Show what virt-node knows of itself.",
        subcommands: [DumpCommand.self, FieldsCommand.self, CRDCommand.self, ConfigurationKeysCommand.self])
}

/// `virt-node debug vmi-fields`: what becomes of each field of a VMI, as `docs/vmi-fields.md` shows it.
struct FieldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vmi-fields",
        abstract: "Print what becomes of each field of a VMI, as Markdown.",
        discussion:
            "The schema is KubeVirt's CustomResourceDefinition of virtualmachineinstances. A path that only the schema or only virt-node knows is an error."
    )

    @Argument(help: "The CustomResourceDefinition, or a file with its openAPIV3Schema.")
    var schema: String

    func run() throws {
        let text: String
        do { text = try String(contentsOfFile: schema, encoding: .utf8) } catch {
            Standard.error("virt-node: cannot read \(schema): \(error)")
            throw ExitCode.notFound
        }
        do {
            guard let document = try DocumentReader().read(text).first else {
                Standard.error("virt-node: \(schema) is empty: name KubeVirt's CustomResourceDefinition")
                throw ExitCode.invalidInput
            }
            Standard.output(try FieldInventory.markdown(schemaPaths: SchemaPaths.spec(of: document)))
        } catch let error as FieldInventoryError {
            Standard.error("virt-node: \(schema): \(error)")
            throw ExitCode.invalidInput
        } catch let error as DocumentError {
            Standard.error("virt-node: \(schema): \(error)")
            throw ExitCode.invalidInput
        }
    }
}
