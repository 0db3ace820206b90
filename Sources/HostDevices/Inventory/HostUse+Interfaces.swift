import HostModel

/// Which network interfaces the host uses, by the components of their place in sysfs.
///
/// Neither proc nor sysfs lists IPv4 addresses by interface; a route is there for each of them but host routes.
struct InterfaceUses {
    private static let folder = "/sys/class/net"

    private(set) var uses: [String: [HostUse]] = [:]

    init(_ root: HostRoot) {
        let routed = Set(
            root.lines("/proc/net/route").dropFirst().compactMap { line in
                line.split(whereSeparator: \.isWhitespace).first.map(String.init)
            })
        // Address, index, prefix, scope, flags, name: scope 20 is link-local, which every interface has that is up.
        let addressed = Set(
            root.lines("/proc/net/if_inet6").compactMap { line -> String? in
                let words = line.split(whereSeparator: \.isWhitespace)
                return words.count == 6 && words[3] != "20" ? String(words[5]) : nil
            })
        for name in root.names(in: Self.folder) where SysfsName(name) != nil {
            let interface = "\(Self.folder)/\(name)"
            var found: [HostUse] = []
            let uppers = root.names(in: interface).filter { $0.hasPrefix("upper_") }.map { String($0.dropFirst(6)) }
            if let other = root.linkName("\(interface)/master") ?? uppers.first {
                found.append(.interface(name, .partOf(other)))
            }
            let flags = root.integer("\(interface)/flags", as: UInt32.self) ?? 0
            if flags & Self.up != 0, routed.contains(name) || addressed.contains(name) {
                found.append(.interface(name, .addresses))
            }
            guard !found.isEmpty, let target = root.linkTarget(interface) else { continue }
            for part in Set(target.split(separator: "/").map(String.init)) { uses[part, default: []] += found }
        }
    }

    /// `IFF_UP` of the kernel's `if.h`.
    private static let up: UInt32 = 1
}
