/// A set of CPUs, or of NUMA nodes, written as the kernel and libvirt write it: `0-7,16-23`.
package struct CPUSet: Sendable, Hashable {
    /// Ascending, each once.
    package let ids: [Int]

    package init(_ ids: some Sequence<Int>) {
        self.ids = Set(ids).sorted()
    }

    /// Reads a kernel list; `nil` where it is none. The empty text is the empty set. A set ends at 2^16, far beyond
    /// the 8192 CPUs of a Linux kernel, so that a wrong file cannot fill the memory.
    package init?(list: some StringProtocol) {
        var ids: [Int] = []
        for part in list.trimmed.split(separator: ",") {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map {
                Int($0.trimmed)
            }
            guard let low = ends[0], let high = ends.count == 1 ? low : ends[1], low >= 0, low <= high, high < 1 << 16
            else { return nil }
            ids += low...high
        }
        self.init(ids)
    }

    package var count: Int { ids.count }
    package var isEmpty: Bool { ids.isEmpty }
    package func contains(_ id: Int) -> Bool { ids.contains(id) }
}

extension CPUSet: CustomStringConvertible {
    package var description: String {
        var parts: [String] = []
        var index = ids.startIndex
        while index < ids.endIndex {
            var end = index
            while end + 1 < ids.endIndex, ids[end + 1] == ids[end] + 1 { end += 1 }
            parts.append(end == index ? "\(ids[index])" : "\(ids[index])-\(ids[end])")
            index = end + 1
        }
        return parts.joined(separator: ",")
    }
}

extension CPUSet: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let set = CPUSet(list: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a list of CPUs such as 0-3,8")
        }
        self = set
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
