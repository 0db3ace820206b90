/// The lines of `/proc/meminfo` and of a node's `meminfo`, which begin with `Node N`.
struct MemoryInfo {
    private var values: [Substring: UInt64] = [:]

    init(lines: [Substring]) {
        for line in lines {
            let words = line.split(separator: " ")
            let entry = words.first == "Node" ? words.dropFirst(2) : words[...]
            guard entry.count >= 2, let name = entry.first, name.hasSuffix(":"),
                let value = UInt64(entry[entry.startIndex + 1]), value <= HostLimits.memoryKiB
            else { continue }
            values[name.dropLast()] = value
        }
    }

    /// KiB, except for the counts of pages (`HugePages_…`).
    subscript(name: Substring) -> UInt64? { values[name] }
}
