/// How control groups are mounted.
package struct CgroupLayout: Sendable, Hashable, Codable {
    package enum Version: String, Sendable, Hashable, Codable {
        case v1
        case v2
        /// Version 1 does the work, version 2 is mounted beside it and mostly empty.
        case hybrid
        case none
    }

    package var version: Version
    /// Controllers that can be used, sorted.
    package var controllers: [String]
    /// Where the hierarchy begins: `/sys/fs/cgroup`, or the first of the v1 mounts.
    package var mountPoints: [String]

    package init(version: Version, controllers: [String], mountPoints: [String]) {
        self.version = version
        self.controllers = controllers
        self.mountPoints = mountPoints
    }
}

extension CgroupLayout {
    /// Reads the mounts of this process: what is not mounted cannot be used, whatever the kernel was built with.
    package init(probing root: HostRoot) {
        var legacy: [(mount: String, controllers: [String])] = []
        var unified: String?
        for line in root.lines("/proc/self/mountinfo") {
            // 31 23 0:28 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
            let halves = line.split(separator: " ")
            guard halves.count > 4, let dash = halves.firstIndex(of: "-"), dash + 1 < halves.endIndex else { continue }
            let mount = String(halves[4])
            switch halves[dash + 1] {
            case "cgroup2": unified = unified ?? mount
            case "cgroup":
                let options = halves.last?.split(separator: ",").map(String.init) ?? []
                legacy.append((mount, options.filter { !["rw", "ro", "xattr"].contains($0) && !$0.contains("=") }))
            default: continue
            }
        }
        let unifiedControllers =
            unified.flatMap { root.text("\($0)/cgroup.controllers") }?.split(separator: " ").map(String.init) ?? []
        let version: Version =
            switch (legacy.contains { !$0.controllers.isEmpty }, unified != nil) {
            case (true, true): .hybrid
            case (true, false): .v1
            case (false, true): .v2
            case (false, false): .none
            }
        self.init(
            version: version,
            controllers: Set(legacy.flatMap(\.controllers) + unifiedControllers).sorted(),
            mountPoints: (version == .v2 ? [] : legacy.map(\.mount)) + (unified.map { [$0] } ?? []))
    }
}
