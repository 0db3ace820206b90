import HostModel

/// Which disks the host uses, by the components of their place in sysfs: PCI addresses and USB ports.
struct DiskUses {
    private static let folder = "/sys/class/block"

    private let root: HostRoot
    private(set) var uses: [String: [HostUse]] = [:]

    init(_ root: HostRoot) {
        self.root = root
        let names = root.names(in: Self.folder).filter { SysfsName($0) != nil }
        let mounts = Mounts(root)
        for name in names {
            var found: [HostUse] = []
            let number = root.text("\(Self.folder)/\(name)/dev") ?? ""
            if let place = mounts.place(number: number, name: name) { found.append(.mounted(disk: name, at: place)) }
            if mounts.swaps.contains(name) { found.append(.swap(disk: name)) }
            if let holder = root.names(in: "\(Self.folder)/\(name)/holders").first {
                found.append(.disk(name, heldBy: holder))
            }
            if !found.isEmpty { for part in places(of: name) { uses[part, default: []] += found } }
        }
    }

    /// With several paths, an NVMe disk hangs on its subsystem, and its controllers beside it.
    private func places(of name: String) -> Set<String> {
        guard let target = root.linkTarget("\(Self.folder)/\(name)") else { return [] }
        let parts = target.split(separator: "/").map(String.init)
        guard let place = parts.firstIndex(of: "nvme-subsystem"), parts.indices.contains(place + 1) else {
            return Set(parts)
        }
        let subsystem = "/sys/devices/virtual/nvme-subsystem/\(parts[place + 1])"
        return root.names(in: subsystem).reduce(into: Set(parts)) { all, member in
            guard let link = root.linkTarget("\(subsystem)/\(member)") else { return }
            all.formUnion(link.split(separator: "/").map(String.init))
        }
    }
}

/// What is mounted and swapped to, by device number (`259:1`) and by name: btrfs has numbers of its own.
private struct Mounts {
    private var byNumber: [String: String] = [:]
    private var byName: [String: String] = [:]
    let swaps: Set<String>

    /// Fields as `proc(5)` names them: `36 35 98:0 /root /mnt rw shared:1 - ext4 /dev/sda1 rw`.
    init(_ root: HostRoot) {
        swaps = Set(
            root.lines("/proc/swaps").compactMap { line in
                line.split(separator: " ").first?.split(separator: "/").last.map(String.init)
            })
        for line in root.lines("/proc/self/mountinfo") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 6 else { continue }
            let number = words[2]
            byNumber[number] = byNumber[number] ?? words[4]
            guard let dash = words.firstIndex(of: "-"), words.indices.contains(dash + 2),
                words[dash + 2].hasPrefix("/dev/"), let name = words[dash + 2].split(separator: "/").last
            else { continue }
            byName[String(name)] = byName[String(name)] ?? words[4]
        }
    }

    func place(number: String, name: String) -> String? { byNumber[number] ?? byName[name] }
}
