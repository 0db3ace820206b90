import ArgumentParser
import DomainModel
import DomainPlan
import FoundationEssentials
import KubeVirtModel
import KubernetesModel

/// `virt-node explain`: why a domain is as it is, and what a change of its VMI would take.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show why the domain of a VMI's file is as it is, or what a VM of this node does.",
        discussion: """
            Of a file: which field, default or host fact made each part of a domain. With --diff, what a newer file \
            changes in the domain of a running VM, by which field, and whether that can be done live, or needs a \
            migration or a restart. Works on any machine: nothing is prepared or started.

            Of the name of a VMI: what it does or waits for, why it failed, its steps with their durations, the domain \
            that libvirt has, and how that differs from what a start would make now.
            """)

    /// What the argument is.
    enum Subject: String, EnumerableFlag {
        case file, name

        static func help(for subject: Subject) -> ArgumentHelp? {
            subject == .file
                ? "The argument is a file." : "The argument is the name of a VMI, even if a file is called so."
        }
    }

    @Argument(help: ArgumentHelp("A file (- is the standard input), or the name of a VMI.", valueName: "file|name"))
    var file: String

    @Flag(exclusivity: .exclusive)
    var subject: Subject?

    @Option(help: ArgumentHelp("Compare with the VMIs of this newer file.", valueName: "file"))
    var diff: String?

    @OptionGroup var options: ConversionOptions

    @Option(name: .shortAndLong, help: "Print a table, or json for programs.")
    var output = ExplainPrinter.Format.table

    @OptionGroup var namespaceOption: NamespaceOption
    @OptionGroup var node: NodeOptions
    private var namespace: String { namespaceOption.namespace ?? "default" }

    func validate() throws {
        if file == "-", diff == "-" { throw ValidationError("only one of the files can be the standard input") }
        if isName, diff != nil { throw ValidationError("--diff compares files, and \(file) is the name of a VMI") }
    }

    /// What is no file that is there, and does not look like one, is a name.
    private var isName: Bool {
        if let subject { return subject == .name }
        if file == "-" || FileManager.default.fileExists(atPath: file) { return false }
        return !file.contains("/") && ![".yaml", ".yml", ".json"].contains { file.hasSuffix($0) }
    }

    func run() async throws {
        if isName { try await explainInstance() } else { try explainFile() }
    }

    /// The VM that a daemon runs.
    private func explainInstance() async throws {
        try await node.speak { [name = file, namespaceOption, output] connection in
            let description = try await connection.describe(connection.namespace(namespaceOption), name)
            switch output {
            case .table: Standard.output(description.explanation)
            case .json: Standard.output(DocumentWriter.json(description.document) + "\n")
            }
        }
    }

    private func explainFile() throws {
        var printer = ExplainPrinter(format: output)
        let old = try read(file)
        if let diff {
            try compare(old, try read(diff), &printer)
        } else {
            for subject in old {
                let explanation = try explain(subject.instance, subject.written).explanation
                printer.add(explanation, of: subject.instance.qualifiedName, isOnly: old.count == 1)
            }
        }
        printer.finish()
    }

    /// A VMI, and what its file says of it.
    private struct Sample {
        var instance: VirtualMachineInstance
        var written: WrittenFields?
    }

    private func read(_ path: String) throws -> [Sample] {
        let files = try ManifestFiles.read([path], namespace: namespace)
        try files.requireInstances()
        let instances = files.manifest.instances
        // The reader took these texts: they are documents.
        let documents = try files.texts.values.flatMap { try DocumentReader().read($0) }
        let written = WrittenFields.all(in: documents)
        return instances.enumerated().map { index, instance in
            Sample(instance: instance, written: written.count == instances.count ? written[index] : nil)
        }
    }

    private func explain(
        _ instance: VirtualMachineInstance, _ written: WrittenFields?
    ) throws -> (plan: DomainPlan, explanation: Explanation) {
        let plan = try options.plan(instance, isExplaining: true)
        do { return (plan, try Explanation(plan, of: instance, wrote: written)) } catch {
            Standard.error("virt-node: \(instance.qualifiedName): \(error)")
            throw ExitCode.failure
        }
    }

    /// Compares VMIs of the same name; two that are alone in their files, whatever their names.
    private func compare(_ old: [Sample], _ new: [Sample], _ printer: inout ExplainPrinter) throws {
        let newer = Dictionary(new.map { ($0.instance.qualifiedName, $0) }) { first, _ in first }
        let areAlone = old.count == 1 && new.count == 1
        for subject in old {
            let name = subject.instance.qualifiedName
            if let next = areAlone ? new.first : newer[name] {
                printer.add(try difference(subject, next), of: name, isOnly: areAlone)
            } else {
                printer.addMissing(name, isOld: true)
            }
        }
        let known = Set(old.map(\.instance.qualifiedName))
        for subject in new where !areAlone && !known.contains(subject.instance.qualifiedName) {
            printer.addMissing(subject.instance.qualifiedName, isOld: false)
        }
    }

    private func difference(_ old: Sample, _ new: Sample) throws -> DomainDiff {
        var running = old.instance
        running.adoptUID(of: new.instance)
        let before = try explain(running, old.written)
        let next = new.instance.succeeding(running, as: before.plan.domain)
        let after = try explain(next, new.written)
        for warning in after.plan.warnings {
            Standard.error("\(new.instance.name): \(warning.field): \(warning.message)")
        }
        var difference = DomainDiff(before.explanation, after.explanation)
        if old.instance.qualifiedName != new.instance.qualifiedName {
            difference.addRenaming(from: old.instance.qualifiedName, to: new.instance.qualifiedName)
        }
        return difference
    }
}
