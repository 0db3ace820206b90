import FoundationEssentials
import HostModel

/// How much is tried. The same numbers give the same cases on every machine.
enum FuzzSettings {
    /// `VIRT_NODE_FUZZ_SEED`.
    static let seed = number("VIRT_NODE_FUZZ_SEED").map { UInt64(bitPattern: Int64($0)) } ?? 0x5EED_2026

    /// Cases of each fuzzer: as many as `VIRT_NODE_FUZZ_ROUNDS` says, or as fit into `VIRT_NODE_FUZZ_SECONDS`, or the
    /// number that CI has seconds for.
    static func rounds(_ standard: Int) -> Rounds {
        if let rounds = number("VIRT_NODE_FUZZ_ROUNDS") { return Rounds(limit: rounds, end: nil) }
        guard let seconds = number("VIRT_NODE_FUZZ_SECONDS") else { return Rounds(limit: standard, end: nil) }
        return Rounds(limit: .max, end: .now + .seconds(seconds))
    }

    /// Numbers from 0; the first comes in any case. Before each, others that wait for the same threads have their turn.
    struct Rounds: AsyncSequence, AsyncIteratorProtocol {
        private let limit: Int
        private let end: ContinuousClock.Instant?
        private var count = 0

        init(limit: Int, end: ContinuousClock.Instant?) {
            self.limit = limit
            self.end = end
        }

        func makeAsyncIterator() -> Rounds { self }

        mutating func next() async -> Int? {
            await Task.yield()
            guard count < limit else { return nil }
            if count > 0, let end, ContinuousClock.now >= end { return nil }
            defer { count += 1 }
            return count
        }
    }

    /// Whether a longer run was asked for, whose figures somebody wants to see.
    static let isLong = number("VIRT_NODE_FUZZ_ROUNDS") != nil || number("VIRT_NODE_FUZZ_SECONDS") != nil

    /// Where the case at hand of each fuzzer is kept, for when it ends the process: `VIRT_NODE_FUZZ_FOLDER`.
    static let folder = ProcessInfo.processInfo.environment["VIRT_NODE_FUZZ_FOLDER"]

    private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    /// What a test may leave in memory, in MiB: what the readers and the allocator keep, and other suites beside it.
    static let mostGrowthMiB = 384

    /// Memory of this process that is in RAM, in MiB.
    static var residentMiB: Int {
        let fields = HostRoot().lines("/proc/self/statm").first?.split(separator: " ") ?? []
        // Pages of 4 KiB.
        return fields.count > 1 ? (Int(fields[1]) ?? 0) / 256 : 0
    }
}
