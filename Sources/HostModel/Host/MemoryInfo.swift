/// The lines of `/proc/meminfo` and of a node's `meminfo`, which begin with `Node N`.
struct MemoryInfo {
    private var values: [Substring: UInt64] = [:]

    init(lines: [Substring]) {
        for line in lines {
            var words = line.split(separator: " ")
            if words.first == "Node" { words.removeFirst(2) }
            guard words.count >= 2, words[0].hasSuffix(":") else { continue }
            values[words[0].dropLast()] = UInt64(words[1])
        }
    }

    /// KiB, except for the counts of pages (`HugePages_…`).
    subscript(name: Substring) -> UInt64? { values[name] }
}
