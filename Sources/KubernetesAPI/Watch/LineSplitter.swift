/// Cuts a stream of bytes into lines. What follows the last line break is no line: the connection was cut in it.
struct LineSplitter {
    enum Line: Equatable {
        case text(String)
        /// Its bytes were not kept.
        case tooLong(bytes: Int)
    }

    private let limit: Int
    private var pending: [UInt8] = []
    /// Bytes of a line that passed the limit, of which no more is kept.
    private var skipped = 0

    init(limit: Int) { self.limit = limit }

    /// The lines that these bytes end; empty ones are left out.
    mutating func append(_ bytes: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            take(rest[..<end])
            if skipped > 0 {
                lines.append(.tooLong(bytes: skipped))
            } else if pending.contains(where: { $0 > 0x20 }) {
                lines.append(.text(String(decoding: pending, as: UTF8.self)))
            }
            pending.removeAll(keepingCapacity: pending.count < 64 << 10)
            skipped = 0
            rest = rest[rest.index(after: end)...]
        }
        take(rest)
        return lines
    }

    private mutating func take(_ bytes: some Collection<UInt8>) {
        if skipped > 0 || pending.count + bytes.count > limit {
            skipped += pending.count + bytes.count
            pending = []
        } else {
            pending += bytes
        }
    }
}
