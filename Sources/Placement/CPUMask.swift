import HostModel

/// A set of CPUs as bits: a question costs one instruction, a copy one allocation.
struct CPUMask: Sendable, Hashable {
    /// The ids that can exist: those that ``CPUSet`` reads. A kernel ends at 8192 CPUs.
    static let bounds = 0..<1 << 16

    /// Without zeros at its end, so that equal sets are equal.
    private var words: [UInt64] = []

    init() {}

    /// Ids outside the bounds are no CPUs of any host and are left out.
    init(_ ids: some Sequence<Int>) {
        for id in ids { insert(id) }
    }

    init(_ set: CPUSet) {
        for range in set.ranges where range.overlaps(Self.bounds) {
            let range = range.clamped(to: 0...Self.bounds.upperBound - 1)
            let last = range.upperBound >> 6
            if last >= words.count { words += [UInt64](repeating: 0, count: last + 1 - words.count) }
            for word in range.lowerBound >> 6...last {
                let low = UInt64.max << UInt64(max(range.lowerBound - word << 6, 0))
                let high = UInt64.max >> UInt64(max((word + 1) << 6 - 1 - range.upperBound, 0))
                words[word] |= low & high
            }
        }
    }

    func contains(_ id: Int) -> Bool {
        let word = id >> 6
        return word >= 0 && word < words.count && words[word] & (1 << UInt64(id & 63)) != 0
    }

    func intersects(_ other: CPUMask) -> Bool { zip(words, other.words).contains { $0 & $1 != 0 } }

    func subtracting(_ other: CPUMask) -> CPUMask {
        var mask = self
        for word in words.indices.prefix(other.words.count) { mask.words[word] &= ~other.words[word] }
        while mask.words.last == 0 { mask.words.removeLast() }
        return mask
    }

    mutating func formIntersection(_ other: CPUMask) {
        for word in words.indices { words[word] &= word < other.words.count ? other.words[word] : 0 }
        while words.last == 0 { words.removeLast() }
    }

    mutating func formUnion(_ other: CPUMask) {
        if words.count < other.words.count {
            words += [UInt64](repeating: 0, count: other.words.count - words.count)
        }
        for word in other.words.indices { words[word] |= other.words[word] }
    }

    /// Whether the id was not there yet and is now.
    @discardableResult
    mutating func insert(_ id: Int) -> Bool {
        guard Self.bounds.contains(id), !contains(id) else { return false }
        let word = id >> 6
        if word >= words.count { words += [UInt64](repeating: 0, count: word + 1 - words.count) }
        words[word] |= 1 << UInt64(id & 63)
        return true
    }

    mutating func remove(_ id: Int) {
        guard contains(id) else { return }
        words[id >> 6] &= ~(1 << UInt64(id & 63))
        while words.last == 0 { words.removeLast() }
    }

    var ids: [Int] {
        words.indices.flatMap { word in
            (0..<64).filter { words[word] & (1 << UInt64($0)) != 0 }.map { word * 64 + $0 }
        }
    }
}
