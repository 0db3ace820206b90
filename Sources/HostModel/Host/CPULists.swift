/// The lists of `/sys/devices/system/cpu`.
struct CPULists: Sendable, Hashable {
    var online: CPUSet
    /// Plugged in, online or not.
    var present: CPUSet
    /// With the slots that could be filled while the machine runs.
    var possible: CPUSet
    var isolated: CPUSet
    var nohzFull: CPUSet

    init(probing root: HostRoot) {
        func list(_ name: String) -> CPUSet? {
            // The kernel writes "(null)" where nohz_full was not asked for.
            guard let set = CPUSet(list: root.text("/sys/devices/system/cpu/\(name)") ?? ""),
                HostLimits.holds(cpus: set)
            else { return nil }
            return set.isEmpty ? nil : set
        }
        online = list("online") ?? CPUSet([])
        present = (list("present") ?? list("possible") ?? online).union(online)
        possible = (list("possible") ?? present).union(present)
        isolated = (list("isolated") ?? CPUSet([])).intersection(possible)
        nohzFull = (list("nohz_full") ?? CPUSet([])).intersection(possible)
    }
}
