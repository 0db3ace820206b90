import Glibc

/// The addresses by which others reach this host.
package enum NodeAddresses {
    /// Devices that virtual machines and containers hang on.
    private static let internalPrefixes = ["virbr", "docker", "cni", "veth", "tap", "vnet", "br-", "flannel", "cali"]

    /// Of interfaces that are up, IPv4 first; none of loopback, nor of one link only.
    package static func probe() -> [NodeFacts.Address] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [(family: Int32, text: String)] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            let name = String(cString: entry.ifa_name)
            let isUp = entry.ifa_flags & UInt32(IFF_UP) != 0
            let isLoopback = entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0
            guard isUp, !isLoopback, !internalPrefixes.contains(where: { name.hasPrefix($0) }),
                let address = entry.ifa_addr
            else { continue }
            let family = Int32(address.pointee.sa_family)
            guard family == AF_INET || family == AF_INET6, let text = text(address, family), isGlobal(text) else {
                continue
            }
            found.append((family, text))
        }
        return found.sorted { $0.family < $1.family }.map { NodeFacts.Address(type: "InternalIP", address: $0.text) }
    }

    private static func text(_ address: UnsafeMutablePointer<sockaddr>, _ family: Int32) -> String? {
        let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = getnameinfo(
            address, socklen_t(length), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
        guard result == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func isGlobal(_ text: String) -> Bool {
        !text.hasPrefix("169.254.") && !text.hasPrefix("127.") && !text.lowercased().hasPrefix("fe80:") && text != "::1"
    }
}
