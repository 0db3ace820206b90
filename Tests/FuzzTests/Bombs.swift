/// Texts that mean far more than they say.
enum Bombs {
    /// Levels of lists, each of which names the one before `width` times.
    static func aliases(levels: Int, width: Int) -> String {
        let lists = (1...max(1, levels)).map { level in
            "b\(level): &b\(level) [" + Array(repeating: "*b\(level - 1)", count: width).joined(separator: ", ") + "]"
        }
        return (["b0: &b0 [lol]"] + lists).joined(separator: "\n") + "\n"
    }

    /// The same of objects that are merged.
    static func merges(levels: Int, width: Int) -> String {
        let objects = (1...max(1, levels)).map { level in
            let sources = Array(repeating: "*m\(level - 1)", count: width).joined(separator: ", ")
            return "m\(level): &m\(level) {<<: [\(sources)], k\(level): *m\(level - 1)}"
        }
        return (["m0: &m0 {k: v}"] + objects).joined(separator: "\n") + "\n"
    }

    /// An opening that is never closed.
    static func nested(_ opening: String, depth: Int) -> String { String(repeating: opening, count: depth) }

    /// Blocks, each a column further in.
    static func blocks(depth: Int) -> String {
        (0..<depth).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    }

    /// An object with that many members.
    static func wide(_ count: Int) -> String { (0..<count).map { "k\($0): \($0)\n" }.joined() }
}
