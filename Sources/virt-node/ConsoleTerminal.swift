import Dispatch
import Glibc
import Synchronization

/// The keyboard while a console is shown: raw, so that ^C and all other keys reach the guest; ^] gives it back.
///
/// Synchronization: the saved mode is guarded by a mutex; keys are read on a dispatch queue of their own.
final class ConsoleTerminal: Sendable {
    /// ^], as in telnet and virsh.
    static let escape: UInt8 = 0x1D

    private let saved: Mutex<termios?>
    // SAFETY: a dispatch source is thread-safe; it is made once, and cancelled once or more.
    nonisolated(unsafe) private let source: any DispatchSourceRead

    private let farewell: String
    private let onLeave: @Sendable () -> Void

    /// - Parameter onLeave: called once ^] was typed; not where the keyboard ends, as a file does.
    init(
        farewell: String = "\nLeft the console; the VM goes on. ^C stops it.",
        onLeave: @escaping @Sendable () -> Void = {}, _ type: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.farewell = farewell
        self.onLeave = onLeave
        saved = Mutex(Self.enterRawMode())
        source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: DispatchQueue(label: "keyboard"))
        source.setEventHandler { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 1024)
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else {
                self?.source.cancel()
                return
            }
            let keys = Array(buffer.prefix(count))
            if let end = keys.firstIndex(of: Self.escape) {
                type(Array(keys[..<end]))
                self?.leave()
            } else {
                type(keys)
            }
        }
        source.activate()
    }

    private static func enterRawMode() -> termios? {
        var mode = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &mode) == 0 else { return nil }
        let saved = mode
        cfmakeraw(&mode)
        // Output keeps its processing: steps and messages end their lines as usual.
        mode.c_oflag = saved.c_oflag
        tcsetattr(STDIN_FILENO, TCSANOW, &mode)
        Standard.error("Console: ^] leaves it.")
        return saved
    }

    private func leave() {
        restore()
        Standard.error(farewell)
        onLeave()
    }

    /// Gives the keyboard back to the terminal.
    func restore() {
        source.cancel()
        saved.withLock { saved in
            guard var mode = saved else { return }
            tcsetattr(STDIN_FILENO, TCSANOW, &mode)
            saved = nil
        }
    }
}
