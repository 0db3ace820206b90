internal import FoundationEssentials
package import Images

/// What goes into a dump, and what could not be had. Nothing gets out of it but through the scrubber.
package struct DumpContents: Sendable {
    private struct Entry {
        var path: String
        var what: String
        var text: String
    }

    private var entries: [Entry] = []
    private var gaps: [(what: String, reason: String)] = []
    package var scrubber = SecretScrubber()

    package init() {}

    package mutating func add(_ path: String, _ what: String, _ text: String) {
        entries.append(Entry(path: Self.safe(path), what: what, text: text))
    }

    package mutating func lacks(_ what: String, _ reason: String) { gaps.append((what, reason)) }

    /// Takes in what another one has.
    package mutating func append(_ other: DumpContents) {
        entries += other.entries
        gaps += other.gaps
        scrubber.learn(from: other.scrubber)
    }

    /// Names that come from tenants cannot lead out of the archive, and are ASCII: libarchive takes no others outside of a UTF-8 locale.
    private static func safe(_ path: String) -> String {
        path.split(separator: "/").map { part in
            let isUp = part.allSatisfy { $0 == "." }
            return isUp
                ? "_" : String(String.UnicodeScalarView(part.unicodeScalars.map { 0x21...0x7E ~= $0.value ? $0 : "_" }))
        }.joined(separator: "/")
    }

    /// The files of the archive below a folder of that name, with `INDEX.txt` first. `heading` says of what and when.
    package func files(below folder: String, heading: String) -> [TarArchive.File] {
        let scrubbed = entries.map { entry in
            var entry = entry
            entry.text = scrubber.scrub(entry.text)
            return entry
        }
        var index = heading + "\n\nSecrets are taken out: \(SecretScrubber.removed) stands for one.\n\nWhat is here\n\n"
        let width = (scrubbed.map(\.path.count).max() ?? 0) + 2
        for entry in scrubbed {
            index += Self.padded(entry.path, width) + Self.padded("\(entry.text.utf8.count)", 10) + entry.what + "\n"
        }
        index += "\nWhat could not be had\n\n"
        for gap in gaps { index += "\(gap.what): \(scrubber.scrub(gap.reason))\n" }
        if gaps.isEmpty { index += "nothing\n" }
        return [TarArchive.File(path: "\(folder)/INDEX.txt", bytes: Array(index.utf8))]
            + scrubbed.map { TarArchive.File(path: "\(folder)/\($0.path)", bytes: Array($0.text.utf8)) }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
