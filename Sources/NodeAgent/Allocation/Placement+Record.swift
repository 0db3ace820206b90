internal import FoundationEssentials
internal import Placement

/// A placement as a domain's metadata carries it.
extension Placement {
    /// Nil where the VM holds nothing of its own.
    var record: String? {
        guard !ownCPUs.isEmpty || !pages.isEmpty || !devices.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers and names encode always.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }

    init?(record: String) {
        guard let read = try? JSONDecoder().decode(Placement.self, from: Data(record.utf8)) else { return nil }
        self = read
    }
}
