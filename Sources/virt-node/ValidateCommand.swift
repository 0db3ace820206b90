import ArgumentParser

/// `virt-node validate`: says what is wrong with VMIs, and starts nothing.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check VMI files and print everything that is wrong with them.",
        discussion: "Exits with 3 where anything is wrong; warnings do not count.")

    @Argument(help: "The files; - is the standard input.")
    var files: [String]

    @Option(name: .shortAndLong, help: "The namespace of objects that name none.")
    var namespace = "default"

    func run() throws {
        try ManifestFiles.read(files, namespace: namespace).requireInstances()
    }
}
