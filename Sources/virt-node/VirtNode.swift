import ArgumentParser
import Glibc
import NodeAgent

/// The program. Exit codes are a contract: 0 done, 1 failed, 2 wrong usage, 3 invalid input, 4 not found,
/// 5 host not capable, 124 timed out.
@main
struct VirtNode: AsyncParsableCommand {
    static let version = Version.current

    static let configuration = CommandConfiguration(
        commandName: "virt-node",
        abstract: "Runs KubeVirt's VirtualMachineInstances on this node, through libvirt and QEMU.",
        version: version,
        subcommands: [
            RunCommand.self, ServeCommand.self, GetCommand.self, DescribeCommand.self, ExplainCommand.self,
            EventsCommand.self, LogsCommand.self, ConsoleCommand.self, VNCCommand.self, PauseCommand.self,
            UnpauseCommand.self, ResetCommand.self, RestartCommand.self, StopCommand.self, DrainCommand.self,
            ConvertCommand.self, ValidateCommand.self, HostCommand.self, DoctorCommand.self, ConfigCommand.self,
            ImageCommand.self,
            BenchCommand.self, DebugCommand.self, UnpackLayersCommand.self,
        ])

    static func main() async {
        // A peer that hangs up is an error of a write, never the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            if fflush(nil) != 0 || Standard.outputFailed {
                Standard.error("virt-node: the output could not be written")
                throw ExitCode.failure
            }
        } catch {
            exit(withCodeFor: error)
        }
    }

    /// Prints what the parser has to say, and leaves with 2 where it calls the usage wrong.
    private static func exit(withCodeFor error: any Error) -> Never {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if !text.isEmpty {
            if code.isSuccess { print(text) } else { Standard.error(text) }
        }
        Glibc.exit(code == .validationFailure ? 2 : code.rawValue)
    }
}

extension ExitCode {
    static let invalidInput = ExitCode(3)
    static let notFound = ExitCode(4)
    static let hostNotCapable = ExitCode(5)
    static let timedOut = ExitCode(124)
}
