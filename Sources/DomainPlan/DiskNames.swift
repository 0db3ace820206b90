import KubeVirtModel

/// Hands out target names: `vda`, `vdb`, … for virtio, `sda`, … for all other buses together. A disk keeps the name that
/// the VMI's status says it has.
struct DiskNames {
    private let kept: [String: String]
    private var used: Set<String>
    private var virtioCount = 0
    private var otherCount = 0

    init(kept status: [VolumeStatus] = []) {
        kept = Dictionary(status.lazy.filter { !$0.target.isEmpty }.map { ($0.name, $0.target) }) { first, _ in first }
        used = Set(kept.values)
    }

    /// The disk's name, and its place among those of its prefix.
    mutating func next(for disk: Disk) -> (name: String, unit: Int) {
        let prefix = disk.bus == .virtio ? "vd" : "sd"
        if !kept.isEmpty, let name = kept[disk.name], name.hasPrefix(prefix),
            let index = Self.index(of: name.dropFirst(2))
        {
            return (name, index)
        }
        while true {
            let index = disk.bus == .virtio ? virtioCount : otherCount
            if disk.bus == .virtio { virtioCount += 1 } else { otherCount += 1 }
            let name = prefix + Self.letters(index)
            if used.isEmpty || used.insert(name).inserted { return (name, index) }
        }
    }

    /// `a` … `z`, `aa` …, as the kernel counts.
    static func letters(_ index: Int) -> String {
        if index < 26 { return String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index))) }
        var rest = index
        var text = ""
        repeat {
            text = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(rest % 26))) + text
            rest = rest / 26 - 1
        } while rest >= 0
        return text
    }

    /// The place of the name with these letters; nil where they are none.
    static func index(of letters: Substring) -> Int? {
        guard !letters.isEmpty, letters.utf8.count <= 4 else { return nil }
        var index = 0
        for byte in letters.utf8 {
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) else { return nil }
            index = index * 26 + Int(byte - UInt8(ascii: "a")) + 1
        }
        return index - 1
    }
}
