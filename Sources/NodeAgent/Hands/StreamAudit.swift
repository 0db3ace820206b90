import Logging
import Serving

/// The lines that say who had which console open, and how long, and who looked at one without opening it. They are
/// written at each level of the log.
struct StreamAudit: Sendable {
    private let logger: Logger
    private let start = ContinuousClock.now

    /// Says that a console was opened.
    init(_ key: StreamSessions.Key, _ request: WebSocketRequest, _ logger: Logger) {
        var logger = Self.audible(logger)
        logger[metadataKey: "vmi"] = "\(key.namespace)/\(key.name)"
        logger[metadataKey: "console"] = "\(key.kind.rawValue)"
        logger[metadataKey: "user"] = "\(request.identity)"
        if !request.peer.address.isEmpty { logger[metadataKey: "peer"] = "\(request.peer.address)" }
        self.logger = logger
        logger.info("console opened")
    }

    /// Says that it was closed, and by whom.
    func didClose(_ connection: WebSocketConnection) {
        let seconds = start.duration(to: .now) / .seconds(1)
        logger.info(
            "console closed",
            metadata: [
                "duration": "\(Double(Int(seconds * 10)) / 10)s",
                "code": connection.closeCode.map { "\($0)" } ?? "-",
            ])
    }

    /// Says that somebody was shown what a console shows: its `picture`, or the `log` of what was printed.
    static func didRead(_ what: String, _ namespace: String, _ name: String, by identity: Identity, _ logger: Logger) {
        audible(logger).info(
            "console read", metadata: ["vmi": "\(namespace)/\(name)", "console": "\(what)", "user": "\(identity)"])
    }

    private static func audible(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = min(logger.logLevel, .info)
        return logger
    }
}
