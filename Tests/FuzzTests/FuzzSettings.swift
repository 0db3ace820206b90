import FoundationEssentials
import HostModel

/// How much is tried. The same numbers give the same cases on every machine.
enum FuzzSettings {
    /// `VIRT_NODE_FUZZ_SEED`.
    static let seed = number("VIRT_NODE_FUZZ_SEED").map { UInt64(bitPattern: Int64($0)) } ?? 0x5EED_2026

    /// Cases of each mutating test: `VIRT_NODE_FUZZ_ROUNDS`, or the number that CI has seconds for.
    static func rounds(_ standard: Int) -> Int { number("VIRT_NODE_FUZZ_ROUNDS") ?? standard }

    /// Whether a longer run was asked for, whose figures somebody wants to see.
    static var isLong: Bool { number("VIRT_NODE_FUZZ_ROUNDS") != nil }

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
