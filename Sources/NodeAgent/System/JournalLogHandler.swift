package import Logging

/// Writes to systemd's journal, with a field for each piece of metadata: `journalctl VMI=default/web`.
///
/// Source: systemd's "Native Journal Protocol".
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level = .info
    private let socket: JournalSocket
    private let label: String

    package init(_ socket: JournalSocket, label: String) {
        self.socket = socket
        self.label = label
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var entry = JournalEntry()
        entry.add("PRIORITY", Self.priority(event.level))
        entry.add("SYSLOG_IDENTIFIER", label)
        var fields = metadata
        if let own = event.metadata { fields.merge(own) { $1 } }
        var tail: [String] = []
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            entry.add(Self.field(key), "\(value)")
            // What the message names already is not said twice.
            if Self.names[key] == nil { tail.append("\(key)=\(value)") }
        }
        if let error = event.error { tail.append("error=\(error)") }
        let message = tail.isEmpty ? "\(event.message)" : "\(event.message) [\(tail.joined(separator: " "))]"
        entry.add("MESSAGE", message)
        if !socket.send(entry) { socket.sendPlainly(message) }
    }

    /// Those that operators look for; `docs/operations.md` lists them.
    private static let names = ["vmi": "VMI", "uid": "VMI_UID", "step": "STEP"]

    private static func field(_ key: String) -> String {
        names[key] ?? "VIRT_NODE_"
            + String(key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// syslog's numbers.
    private static func priority(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "7"
        case .info: "6"
        case .notice: "5"
        case .warning: "4"
        case .error: "3"
        case .critical: "2"
        }
    }
}

/// The fields of one line in the journal's own form: nothing in a value can pass for another field.
struct JournalEntry {
    private(set) var bytes: [UInt8] = []

    /// A field, cut where it is very long: a datagram holds no more.
    mutating func add(_ name: String, _ value: String) {
        let value = value.utf8.prefix(Self.limit)
        bytes += name.utf8
        if value.contains(UInt8(ascii: "\n")) {
            bytes.append(UInt8(ascii: "\n"))
            withUnsafeBytes(of: UInt64(value.count).littleEndian) { bytes += $0 }
        } else {
            bytes.append(UInt8(ascii: "="))
        }
        bytes += value
        bytes.append(UInt8(ascii: "\n"))
    }

    private static let limit = 32 << 10
}
