/// What no machine exceeds. A fact beyond these comes from a wrong file: a probe takes it for unknown, a document with
/// it is refused. Within them, sums over cells and products of pages fit 64 bits.
enum HostLimits {
    /// `NR_CPUS` of the largest kernels.
    static let cpus = 8192
    /// `MAX_NUMNODES`.
    static let cells = 1024
    /// One EiB, for the memory of a cell and of all pages of a size.
    static let memoryKiB: UInt64 = 1 << 50
    /// Threads of one core; POWER has 8.
    static let threads = 64
    static let pciDevices = 1 << 16
    /// Characters of a driver's or a type's name.
    static let name = 256

    static func holds(cpus set: CPUSet) -> Bool { (set.last ?? 0) < cpus }
}
