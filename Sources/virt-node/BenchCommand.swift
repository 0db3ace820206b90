import ArgumentParser

/// `virt-node bench`: figures beside their baselines.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure virt-node beside a named baseline.",
        subcommands: [])

    func run() async throws {}
}
