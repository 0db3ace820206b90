internal import Glibc
package import Logging
internal import Synchronization

/// Where the daemon's log goes, and how much of it: the journal with fields where systemd reads the process's errors, else
/// standard error.
///
/// Synchronization: the level is atomic, and shared by all loggers that come of it.
package final class DaemonLog: Sendable {
    private let number: Atomic<Int>

    package init(_ level: Logger.Level) { number = Atomic(Self.levels.firstIndex(of: level) ?? 0) }

    /// Loggers that are there already follow.
    package var level: Logger.Level {
        get { Self.levels[number.load(ordering: .relaxed)] }
        set { number.store(Self.levels.firstIndex(of: newValue) ?? 0, ordering: .relaxed) }
    }

    private static let levels = Logger.Level.allCases

    package func logger(environment: [String: String]) -> Logger {
        Logger(label: "virt-node") { label in
            guard JournalSocket.isStandardError(environment: environment), let journal = JournalSocket() else {
                return LeveledHandler(StreamLogHandler.standardError(label: label), self)
            }
            return LeveledHandler(JournalLogHandler(journal, label: label), self)
        }
    }
}

/// Asks the shared level instead of one of its own.
private struct LeveledHandler: LogHandler {
    private var handler: any LogHandler
    private let log: DaemonLog

    init(_ handler: any LogHandler, _ log: DaemonLog) {
        self.handler = handler
        self.log = log
        self.handler.logLevel = .trace
    }

    var logLevel: Logger.Level {
        get { log.level }
        set { log.level = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { handler.log(event: event) }
}
