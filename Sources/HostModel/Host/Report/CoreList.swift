/// The cores of a cell as `[0 16] [1 17]`: each with its threads, those that are offline marked with a star.
struct CoreList {
    /// Cores that a cell may have before equal steps are shortened.
    private static let listed = 16
    /// Steps that are worth shortening.
    private static let run = 4

    private var cores: [[HostCPU]]
    /// Offline CPUs whose core is unknown.
    private(set) var strays: CPUSet

    /// `cpus` are those of one cell.
    init(_ cpus: [HostCPU]) {
        // A thread of another cell than its core's would make it two: real cores lie in one cell.
        let strays = cpus.filter { !$0.isOnline && $0.siblings.count == 1 }
        self.strays = CPUSet(strays.map(\.id))
        let known = cpus.filter { $0.isOnline || $0.siblings.count > 1 }
        cores = Dictionary(grouping: known, by: \.siblings).values.map { $0.sorted { $0.id < $1.id } }
            .sorted { ($0.first?.id ?? 0) < ($1.first?.id ?? 0) }
    }

    var count: Int { cores.count }
    var hasOffline: Bool { cores.contains { $0.contains { !$0.isOnline } } }

    /// One word a core; in a larger cell, `[0 64] .. [63 127]` for cores that follow at equal steps.
    var words: [String] {
        guard cores.count > Self.listed else { return cores.map(text) }
        var words: [String] = []
        var index = cores.startIndex
        while index < cores.endIndex {
            var end = index
            while end + 1 < cores.endIndex, let step = step(index, index + 1), self.step(end, end + 1) == step {
                end += 1
            }
            if end - index + 1 >= Self.run {
                words.append("\(text(cores[index])) .. \(text(cores[end]))")
                index = end + 1
            } else {
                words.append(text(cores[index]))
                index += 1
            }
        }
        return words
    }

    /// By how much every thread's number grows from one core to another; `nil` where they differ in more.
    private func step(_ from: Int, _ to: Int) -> Int? {
        let (first, second) = (cores[from], cores[to])
        guard first.count == second.count, let start = first.first, let end = second.first else { return nil }
        let step = end.id - start.id
        return zip(first, second).allSatisfy { $1.id - $0.id == step && $0.isOnline && $1.isOnline } ? step : nil
    }

    private func text(_ core: [HostCPU]) -> String {
        "[" + core.map { $0.isOnline ? "\($0.id)" : "\($0.id)*" }.joined(separator: " ") + "]"
    }
}

extension CPUSet {
    /// As `description`, with runs at equal steps shortened as `0,2..62`: for machines that number the CPUs of their
    /// cells in turn.
    var brief: String {
        let singles = ranges.allSatisfy { $0.count == 1 } && ranges.count >= 4
        guard singles, let first, let last else { return description }
        let step = ranges[1].lowerBound - first
        let isEven = zip(ranges, ranges.dropFirst()).allSatisfy { $1.lowerBound - $0.lowerBound == step }
        return isEven ? "\(first),\(first + step)..\(last)" : description
    }
}
