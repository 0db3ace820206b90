package import HostModel

/// Where the I/O threads of a VM with dedicated CPUs run that have no CPU of their own (`<iothreadpin>`): all those
/// that are not of the supplemental pool.
package enum IOThreadPins {
    /// The CPUs of I/O thread 1, 2, … in order.
    ///
    /// With an isolated emulator thread all of them share its CPUs, so that no vCPU is disturbed. Else, with n CPUs
    /// and at least as many threads, thread t runs on CPU `t mod n`; with fewer threads each gets a slice of
    /// neighbours, the larger slices first (3 threads on 8 CPUs: 3, 3, 2).
    ///
    /// - Parameters:
    ///   - cpus: The pins of the vCPUs, in any order. KubeVirt counts through the whole set that the pod was granted
    ///     instead. That is the same where the VM uses all of it; where it does not, I/O threads would run on CPUs
    ///     that no vCPU has.
    ///   - emulator: What ``Placement/emulatorPins`` says.
    package static func make(count: Int, cpus: [Int], emulator: CPUSet = CPUSet([])) -> [CPUSet] {
        guard count > 0 else { return [] }
        let cpus = Set(cpus).sorted()
        guard emulator.isEmpty else { return Array(repeating: emulator, count: count) }
        guard !cpus.isEmpty else { return [] }
        guard count < cpus.count else { return (1...count).map { CPUSet([cpus[$0 % cpus.count]]) } }
        let (size, larger) = cpus.count.quotientAndRemainder(dividingBy: count)
        return (0..<count).map { thread in
            let start = thread * size + min(thread, larger)
            return CPUSet(cpus[start..<start + size + (thread < larger ? 1 : 0)])
        }
    }
}
