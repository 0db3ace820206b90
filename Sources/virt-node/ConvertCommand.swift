import ArgumentParser
import DomainModel
import DomainPlan
import FoundationEssentials
import KubeVirtModel
import KubernetesModel

/// `virt-node convert`: the domain that would be started, on any machine.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Print the libvirt domain that a VMI becomes.",
        discussion: "Works on any machine: nothing is prepared or started, and paths are those of a node.")

    @Argument(help: "The files; - is the standard input.")
    var files: [String]

    @OptionGroup var options: ConversionOptions

    @Option(help: ArgumentHelp("Write each domain to DIR/NAME.xml.", valueName: "dir"))
    var outputDir: String?

    @Option(name: .shortAndLong, help: "The namespace of objects that name none.")
    var namespace = "default"

    func validate() throws {
        if files.isEmpty { throw ValidationError("name a file") }
    }

    func run() throws {
        let files = try ManifestFiles.read(files, namespace: namespace)
        try files.requireInstances()
        for instance in files.manifest.instances {
            let plan = try options.plan(instance)
            for warning in plan.warnings { Standard.error("\(instance.name): \(warning.field): \(warning.message)") }
            guard let outputDir else {
                Standard.output(plan.domain.xml().text)
                continue
            }
            let path = "\(outputDir)/\(instance.name).xml"
            do { try Data(plan.domain.xml().bytes).write(to: URL(filePath: path), options: .atomic) } catch {
                Standard.error("virt-node: cannot write \(path): \(error)")
                throw ExitCode.failure
            }
        }
    }
}
