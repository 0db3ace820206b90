import ArgumentParser
import Images

/// `virt-node unpack-layers`: the helper that reads images, confined; for virt-node itself.
struct UnpackLayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: UnpackHelper.command, abstract: "Unpack an image, as virt-node asks on standard input.",
        shouldDisplay: false)

    func run() throws {
        let status = UnpackHelper.serve()
        if status != 0 { throw ExitCode(status) }
    }
}
