import ArgumentParser
import DomainModel
import DomainPlan
import KubeVirtModel
import KubernetesModel

/// `virt-node explain`: why a domain is as it is, and what a change of its VMI would take.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which field, default or host fact made each part of a VMI's domain.",
        discussion: """
            With --diff, show what a newer file changes in the domain of a running VM, by which field, and whether that \
            can be done live, or needs a migration or a restart. Works on any machine: nothing is prepared or started.
            """)

    @Argument(help: "The file; - is the standard input.")
    var file: String

    @Option(help: ArgumentHelp("Compare with the VMIs of this newer file.", valueName: "file"))
    var diff: String?

    @OptionGroup var options: ConversionOptions

    @Option(name: .shortAndLong, help: "Print a table, or json for programs.")
    var output = ExplainPrinter.Format.table

    @Option(name: .shortAndLong, help: "The namespace of objects that name none.")
    var namespace = "default"

    func validate() throws {
        if file == "-", diff == "-" { throw ValidationError("only one of the files can be the standard input") }
    }

    func run() throws {
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
    private struct Subject {
        var instance: VirtualMachineInstance
        var written: WrittenFields?
    }

    private func read(_ path: String) throws -> [Subject] {
        let files = try ManifestFiles.read([path], namespace: namespace)
        try files.requireInstances()
        let instances = files.manifest.instances
        // The reader took these texts: they are documents.
        let documents = try files.texts.values.flatMap { try DocumentReader().read($0) }
        let written = WrittenFields.all(in: documents)
        return instances.enumerated().map { index, instance in
            Subject(instance: instance, written: written.count == instances.count ? written[index] : nil)
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
    private func compare(_ old: [Subject], _ new: [Subject], _ printer: inout ExplainPrinter) throws {
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

    private func difference(_ old: Subject, _ new: Subject) throws -> DomainDiff {
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
