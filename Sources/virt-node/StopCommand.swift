import ArgumentParser
import KubernetesModel

/// `virt-node stop`.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ask guests to power off, and kill those that do not.",
        discussion: "The VMIs stay, and end as Succeeded or Failed.")

    @OptionGroup var machines: MachineArguments

    @Option(
        help: ArgumentHelp(
            "How long guests have, in seconds; 0 kills at once. The VMI's own where left out.", valueName: "seconds"))
    var gracePeriod: Int64?

    func validate() throws {
        if let gracePeriod, gracePeriod < 0 {
            throw ValidationError("--grace-period \(gracePeriod): write a number of seconds, 0 or more")
        }
    }

    func run() async throws {
        let body = gracePeriod.map { DocumentNode.object([DocumentMember("gracePeriod", .number($0))]) }
        try await machines.order("stop", body: body, done: "stops")
    }
}
