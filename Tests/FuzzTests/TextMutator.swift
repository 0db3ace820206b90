import TestSupport

/// Changes texts at random, the same way in every run, without regard for what they mean.
struct TextMutator {
    private var random: SeededRandom
    private let donors: [String]

    init(seed: UInt64, donors: [String]) {
        random = SeededRandom(seed: seed)
        self.donors = donors
    }

    private static let tokens = [
        "&a ", "*a", "*a ", "<<: *a", "<<: [*a, *a]", "? ", "?", ": ", ":", "- ", "-", "!!int ", "!!str ", "!!binary ",
        "!!set ",
        "!!merge ", "!!null ", "!", "!<tag:yaml.org,2002:map> ", "!x!y ", "|", "|+9", ">-", "---\n", "...\n",
        "%YAML 9.9\n",
        "%TAG ! tag:x,2000:\n", "#", "\"", "'", "[", "]", "{", "}", ",", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800",
        "\\x00", "\\uFFFE", "\t", "\r", "\n", "\u{0}", "\u{1B}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "é", "👩‍👩‍👧",
        "=", "~", "null", "@", "`", "1e9999", "0x", "0b2", "-.inf", "1:30:00", "2026-01-31", "<<", "  ",
    ]

    /// A text of the corpus with one to eight changes, fewer ones more often.
    mutating func next() -> String {
        var text = pick(donors)
        var count = 1
        while count < 8, draw(3) == 0 { count += 1 }
        for _ in 0..<count { text = changed(text) }
        return text
    }

    private mutating func changed(_ text: String) -> String {
        switch draw(10) {
        case 0: return bytes(of: text)
        case 1, 2: return inserting(pick(Self.tokens), in: text)
        case 3: return inserting(pick(HostileText.all), in: text)
        case 4, 5, 6: return lines(of: text)
        case 7: return value(in: text)
        case 8: return anchored(text)
        default: return draw(6) == 0 ? grown(text) : inserting(pick(HostileText.numbers), in: text)
        }
    }

    /// Bytes flipped, cut out or written twice; what is no UTF-8 any more becomes U+FFFD, as no reader gets it.
    private mutating func bytes(of text: String) -> String {
        var bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return text }
        for _ in 0...draw(3) where !bytes.isEmpty {
            let place = draw(bytes.count)
            let end = min(bytes.count, place + 1 + draw(8))
            switch draw(4) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            case 2: bytes[place] = UInt8(draw(256))
            default: bytes[place] ^= 1 << draw(8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func inserting(_ piece: String, in text: String) -> String {
        let place = draw(text.utf8.count + 1)
        return String(
            decoding: Array(text.utf8.prefix(place)) + Array(piece.utf8) + Array(text.utf8.dropFirst(place)),
            as: UTF8.self)
    }

    private mutating func lines(of text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = draw(lines.count)
        let other = draw(lines.count)
        switch draw(8) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: other)
        case 2: lines.swapAt(place, other)
        case 3: lines[place] = "  " + lines[place]
        case 4: lines[place] = lines[place].drop { $0 == " " }
        case 5: lines[place] = "\t" + lines[place]
        case 6: lines.removeSubrange(min(place, other)..<max(place, other))
        default:
            // Lines of another manifest.
            let donor = pick(donors).split(separator: "\n", omittingEmptySubsequences: false)
            let start = draw(donor.count)
            lines.insert(contentsOf: donor[start..<min(donor.count, start + 1 + draw(12))], at: place)
        }
        return lines.joined(separator: "\n")
    }

    /// Something else behind the colon of a line.
    private mutating func value(in text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = draw(lines.count)
        guard let colon = lines[place].firstIndex(of: ":") else { return text }
        let values =
            HostileText.numbers + HostileText.confusing + ["[]", "{}", "[[]]", "{a: {}}", "|\n      x", "&a {b: *a}"]
        lines[place] = lines[place][...colon] + " " + pick(values)
        return lines.joined(separator: "\n")
    }

    /// An anchor at one place, and its alias, or a merge of it, at a later one.
    private mutating func anchored(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let places = lines.indices.filter { lines[$0].contains(": ") }
        guard let first = places.randomElement(using: &random), let second = places.randomElement(using: &random),
            let start = lines[min(first, second)].firstRange(of: ": "),
            let end = lines[max(first, second)].firstRange(of: ": ")
        else { return text }
        lines[min(first, second)].replaceSubrange(start, with: ": &z ")
        let indentation = lines[max(first, second)].prefix { $0 == " " }
        if draw(2) == 0 {
            lines[max(first, second)] = lines[max(first, second)][..<end.lowerBound] + ": *z"
        } else {
            lines.insert(indentation + "<<: *z", at: max(first, second))
        }
        return lines.joined(separator: "\n")
    }

    /// A text that is far larger, deeper, or more than it looks.
    private mutating func grown(_ text: String) -> String {
        switch draw(4) {
        case 0: return text + "\n" + Bombs.aliases(levels: 1 + draw(12), width: 1 + draw(12))
        case 1:
            return text + "\nz: "
                + Bombs.nested(pick(["[", "{a: ", "- ", "? ", "!!seq [", "{? "]), depth: 1 << draw(13))
        case 2:
            return text.replacing(
                "64Mi", with: String(repeating: pick(["9", "x", "é", "- ", "{"]), count: 1 << draw(17)))
        default: return (0..<1 + draw(20)).map { _ in text }.joined(separator: "\n---\n")
        }
    }

    private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    private mutating func pick(_ list: [String]) -> String { list[draw(list.count)] }
}
