import ArgumentParser

/// `virt-node pause`.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Halt VMs: their CPUs stop, their memory stays.")
    @OptionGroup var machines: MachineArguments
    func run() async throws { try await machines.order("pause", done: "paused") }
}

/// `virt-node unpause`.
struct UnpauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unpause", abstract: "Let paused VMs go on.")
    @OptionGroup var machines: MachineArguments
    func run() async throws { try await machines.order("unpause", done: "goes on") }
}

/// `virt-node reset`.
struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Press the reset button of VMs: the guest is not asked.")
    @OptionGroup var machines: MachineArguments
    func run() async throws { try await machines.order("reset", done: "reset") }
}

/// `virt-node restart`.
struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop VMs and start them anew, with what changed in their specs.")
    @OptionGroup var machines: MachineArguments
    func run() async throws { try await machines.order("restart", done: "restarts") }
}
