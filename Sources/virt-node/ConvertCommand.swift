import ArgumentParser
import DomainModel
import DomainPlan
import FoundationEssentials
import Glibc
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
        if let outputDir { try prepare(outputDir, files.manifest.instances) }
        for instance in files.manifest.instances {
            let plan = try options.plan(instance)
            for warning in plan.warnings { Standard.error("\(instance.name): \(warning.field): \(warning.message)") }
            guard let outputDir else {
                Standard.output(plan.domain.xml().text)
                continue
            }
            let path = "\(outputDir)/\(DomainName.fitted(instance.name)).xml"
            do { try Data(plan.domain.xml().bytes).write(to: URL(filePath: path), options: .atomic) } catch {
                Standard.error("virt-node: cannot write \(path): \(Self.reason(error))")
                throw ExitCode.failure
            }
        }
    }

    /// The system's own words, out of what Foundation wraps around them.
    private static func reason(_ error: any Error) -> String {
        guard let cause = (error as? CocoaError)?.underlying as? POSIXError else { return "\(error)" }
        return String(cString: strerror(cause.code.rawValue))
    }

    /// Makes the folder, and refuses VMIs that would overwrite each other there.
    private func prepare(_ folder: String, _ instances: [VirtualMachineInstance]) throws {
        let twins = Dictionary(grouping: instances, by: \.name).values.first { $0.count > 1 }
        if let twins {
            let names = twins.map(\.qualifiedName).joined(separator: " and ")
            Standard.error("virt-node: \(names) would both be \(folder)/\(twins[0].name).xml: convert them one by one")
            throw ExitCode.invalidInput
        }
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            Standard.error("virt-node: cannot make the folder \(folder): \(Self.reason(error))")
            throw ExitCode.failure
        }
    }
}
