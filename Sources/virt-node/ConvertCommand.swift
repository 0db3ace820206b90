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

    enum Accelerator: String, ExpressibleByArgument, CaseIterable {
        case auto, kvm, emulation
    }

    @Argument(help: "The files; - is the standard input.")
    var files: [String]

    @Option(help: ArgumentHelp("What runs the guest: kvm or emulation; auto means kvm here.", valueName: "mode"))
    var accelerator = Accelerator.auto

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
            let text = try convert(instance)
            guard let outputDir else {
                Standard.output(text)
                continue
            }
            let path = "\(outputDir)/\(instance.name).xml"
            do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
                Standard.error("virt-node: cannot write \(path): \(error)")
                throw ExitCode.failure
            }
        }
    }

    private func convert(_ instance: VirtualMachineInstance) throws -> String {
        let folder = "/run/virt-node/vms/\(instance.metadata.uid ?? instance.name)"
        let request = PlanRequest(
            instance: instance, accelerator: accelerator == .emulation ? .emulation : .kvm,
            resources: .nominal(for: instance, images: "/var/cache/virt-node/images", folder: folder))
        do {
            let plan = try DomainPlan(request)
            for warning in plan.warnings { Standard.error("\(instance.name): \(warning.field): \(warning.message)") }
            return plan.domain.xml().text
        } catch {
            Standard.error("virt-node: \(error)")
            throw ExitCode.invalidInput
        }
    }
}
