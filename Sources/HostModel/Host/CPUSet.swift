/// A set of CPUs, or of NUMA nodes, written as the kernel and libvirt write it: `0-7,16-23`.
///
/// Kept as ranges, so that a set read from somebody's file takes no more memory than its text.
package struct CPUSet: Sendable, Hashable {
    /// Ascending, neither overlapping nor adjacent: equal sets have equal ranges.
    package let ranges: [ClosedRange<Int>]

    package init(_ ids: some Sequence<Int>) {
        self.init(merging: ids.map { $0...$0 })
    }

    /// Reads a kernel list; `nil` where it is none. The empty text is the empty set. A set ends at 2^16, far beyond
    /// the 8192 CPUs of a Linux kernel, so that a wrong file cannot fill the memory.
    package init?(list: some StringProtocol) {
        var ranges: [ClosedRange<Int>] = []
        for part in list.trimmed.split(separator: ",") {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map {
                Int($0.trimmed)
            }
            guard let low = ends[0], let high = ends.count == 1 ? low : ends[1], low >= 0, low <= high, high < 1 << 16
            else { return nil }
            ranges.append(low...high)
        }
        self.init(merging: ranges)
    }

    private init(merging ranges: [ClosedRange<Int>]) {
        var merged: [ClosedRange<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last,
                range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound == 1
            {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    /// Ascending, each once.
    package var ids: [Int] { ranges.flatMap { Array($0) } }
    package var count: Int { ranges.reduce(0) { $0 + $1.count } }
    package var isEmpty: Bool { ranges.isEmpty }
    package var first: Int? { ranges.first?.lowerBound }
    package var last: Int? { ranges.last?.upperBound }

    package func contains(_ id: Int) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < id { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(id)
    }

    package func union(_ other: CPUSet) -> CPUSet { CPUSet(merging: ranges + other.ranges) }
    package func intersection(_ other: CPUSet) -> CPUSet { CPUSet(ids.filter(other.contains)) }
    package func subtracting(_ other: CPUSet) -> CPUSet { CPUSet(ids.filter { !other.contains($0) }) }
    package func isSubset(of other: CPUSet) -> Bool { union(other) == other }
}

extension CPUSet: CustomStringConvertible {
    package var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}

extension CPUSet: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let set = CPUSet(list: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text.prefix(40))\" is not a list of CPUs such as 0-3,8")
        }
        self = set
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
