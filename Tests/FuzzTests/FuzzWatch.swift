import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// Sees to it that no case takes for ever, and that one which ends the process can be found: a test cannot interrupt
/// what neither returns nor waits.
///
/// Synchronization: one mutex around the cases at hand; a timer on a queue of its own looks at them.
final class FuzzWatch: Sendable {
    static let shared = FuzzWatch()

    struct Mark: Sendable {
        fileprivate let name: String
        fileprivate let round: Int
        fileprivate let start: ContinuousClock.Instant
        fileprivate let limit: Duration
        fileprivate let input: [UInt8]
    }

    private let running = Mutex<[String: Mark]>([:])
    /// A case takes milliseconds; busy neighbours make it ten times as long, and no more. One that waits for others waits
    /// for its turn too, among all tests.
    private static let (limit, longLimit) = (Duration.seconds(60), Duration.seconds(300))

    private init() {
        DispatchQueue(label: "fuzz.watch").asyncAfter(deadline: .now() + 1) { self.look() }
    }

    func begin(_ name: String, _ round: Int, _ input: some Collection<UInt8>, waits: Bool = false) -> Mark {
        let mark = Mark(
            name: name, round: round, start: .now, limit: waits ? Self.longLimit : Self.limit, input: Array(input))
        running.withLock { $0[name] = mark }
        keep(mark)
        return mark
    }

    func end(_ mark: Mark) -> Duration {
        running.withLock { $0[mark.name] = nil }
        if let path = Self.path(of: mark) { unlink(path) }
        return ContinuousClock.now - mark.start
    }

    private func look() {
        let late = running.withLock { marks in marks.values.first { ContinuousClock.now - $0.start > $0.limit } }
        if let late {
            let text = String(decoding: late.input.prefix(4000), as: UTF8.self)
            fatalError("\(late.name), round \(late.round) of seed \(FuzzSettings.seed), does not end:\n\(text)")
        }
        DispatchQueue(label: "fuzz.watch").asyncAfter(deadline: .now() + 1) { self.look() }
    }

    /// Writes the case to a file that stays where the process ends within it.
    private func keep(_ mark: Mark) {
        guard let path = Self.path(of: mark) else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, mark.input, mark.input.count)
        close(descriptor)
    }

    private static func path(of mark: Mark) -> String? {
        FuzzSettings.folder.map { "\($0)/\(mark.name.replacing(" ", with: "-"))" }
    }
}
