import Serving

/// A console and the terminal in front of it.
struct ConsoleSession {
    private let console: WebSocketConnection

    init(_ console: WebSocketConnection) { self.console = console }

    /// Until the user leaves, the VM ends, or somebody else takes the console.
    func run() async throws {
        let (keys, typed) = AsyncStream.makeStream(of: [UInt8].self)
        let terminal = ConsoleTerminal(
            farewell: "\nLeft the console; the VM goes on.", onLeave: { typed.finish() },
            { bytes in if !bytes.isEmpty { typed.yield(bytes) } })
        defer { terminal.restore() }
        let hasLeft = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await bytes in console { Standard.output(bytes) }
                return false
            }
            group.addTask {
                for await bytes in keys {
                    do { try await console.send(bytes) } catch { break }
                }
                await console.close()
                return true
            }
            let first = await group.next() ?? true
            typed.finish()
            return first
        }
        terminal.restore()
        if !hasLeft, !Task.isCancelled, let reason = console.closeReason, console.closeCode != 1000 || !reason.isEmpty {
            throw CommandFailure.ended(what: "the console", reason: reason)
        }
    }
}
