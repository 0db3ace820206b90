import ArgumentParser
import Glibc
import HostModel
import KubeVirtModel
import NodeAgent
import Synchronization
import SystemPackage

/// Shows a run: steps and warnings on the standard error, statuses or the console on the standard output.
///
/// Synchronization: reports come from any task; each is printed under one mutex.
final class RunPrinter: Sendable {
    private struct State {
        var bars: [String: ImageProgressBar] = [:]
        var hasHeader = false
        /// The VMIs whose failure was told already.
        var told: Set<String> = []
    }

    private let format: StatusFormat?
    private let showsSteps: Bool
    private let console: Bool
    private let names: Bool
    private let log: FileDescriptor?
    private let state = Mutex(State())

    init(format: StatusFormat?, showsSteps: Bool, console: Bool, serialLog: String?, names: Bool) throws {
        self.format = format
        self.showsSteps = showsSteps
        self.console = console
        self.names = names
        do {
            log = try serialLog.map {
                try FileDescriptor.open(
                    FilePath($0), .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
            }
        } catch {
            throw ValidationError("--serial-log \(serialLog ?? ""): \(error)")
        }
    }

    deinit { try? log?.close() }

    func show(_ setup: ForegroundRun.Setup) {
        switch setup {
        case .swept(let removed):
            Standard.error("virt-node: removed what an earlier run left: \(removed.joined(separator: "; "))")
        case .warning(let text): Standard.error("virt-node: warning: \(text)")
        case .accelerator(let verdict, let seconds):
            step(nil, "accelerator", seconds, "\(verdict.verdict.rawValue): \(verdict.reason.rawValue)")
        case .libvirt(let uri, let seconds): step(nil, "libvirt", seconds, uri)
        }
    }

    func show(_ instance: VirtualMachineInstance, _ report: MachineReport) {
        switch report {
        case .step(let step, let seconds, let detail):
            finishBars()
            self.step(instance, step.rawValue, seconds, detail)
        case .imageProgress(let image, let progress):
            guard showsSteps else { return }
            let bar = state.withLock { state in
                if state.bars[image] == nil { state.bars[image] = ImageProgressBar(title: image) }
                return state.bars[image]
            }
            bar?.show(progress)
        case .warning(let text): Standard.error("virt-node: warning: \(text)")
        case .status(let instance): show(instance)
        case .console(let bytes):
            if console { Standard.output(bytes) }
            _ = try? log?.writeAll(bytes)
        case .planned: break
        case .failed(let error):
            finishBars()
            state.withLock { _ = $0.told.insert(instance.qualifiedName) }
            showFailure(error)
        case .ended(let ending):
            let outcome = ending.phase == .succeeded ? "ended" : ending.wasRequested ? "stopped" : "failed"
            let isNews = !state.withLock { $0.told.contains(instance.qualifiedName) }
            if isNews, showsSteps || outcome == "failed" {
                Standard.error("\(instance.qualifiedName) \(outcome): \(ending.reason)")
            }
        }
    }

    /// Prints an error with its causes: one line each, numbered at a terminal.
    func showFailure(_ error: AgentError) {
        let chain = ErrorText.chain(error)
        guard Standard.errorIsTerminal, chain.count > 1 else {
            return Standard.error("virt-node: \(chain.joined(separator: ": "))")
        }
        Standard.error("virt-node: \(chain[0])")
        for (index, text) in chain.dropFirst().enumerated() { Standard.error("  \(index + 1). \(text)") }
    }

    private func show(_ instance: VirtualMachineInstance) {
        guard let format else { return }
        state.withLock { state in
            if !state.hasHeader, let header = format.header { Standard.output(header) }
            state.hasHeader = true
            Standard.output(format.text(instance))
        }
    }

    private func finishBars() {
        state.withLock { state in
            for bar in state.bars.values { bar.finish() }
            state.bars = [:]
        }
    }

    private func step(_ instance: VirtualMachineInstance?, _ name: String, _ seconds: Double, _ detail: String) {
        guard showsSteps else { return }
        let title = name + String(repeating: " ", count: max(1, 16 - name.count))
        let hundredths = Int((seconds * 100).rounded())
        let number = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
        let time = String(repeating: " ", count: max(0, 9 - number.count)) + number
        let prefix = names ? instance.map { "\($0.qualifiedName): " } ?? "" : ""
        Standard.error("\(prefix)\(title)\(time)  \(detail)")
    }
}
