import DomainModel
import Glibc
import KubeVirtModel

/// The networks of `networks[].pod` that a guest gets in QEMU's user mode, as libvirt's `<ip>`.
enum GuestNetworks {
    /// Bits. QEMU's gateway, name server and guest are the 2nd, 3rd and 15th address: they need 5 bits.
    private static let prefixes = 4...27
    /// Bits. Router advertisements, by which the guest gets its address, know no other.
    private static let prefixV6 = 64

    static func of(_ pod: PodNetwork, field: String) throws(NetworkError) -> [DomainInterface.IPAddress] {
        var addresses: [DomainInterface.IPAddress] = []
        if let text = pod.vmNetworkCIDR, !text.isEmpty {
            guard let (address, prefix) = parse(text, AF_INET, bytes: 4), prefixes.contains(prefix) else {
                throw .networkUnfit(
                    field: "\(field).vmNetworkCIDR", text: text, rule: "an IPv4 network of 4 to 27 bits",
                    example: "10.0.2.0/24")
            }
            addresses.append(.init(family: .ipv4, address: address, prefix: prefix))
        }
        if let text = pod.vmIPv6NetworkCIDR, !text.isEmpty {
            guard let (address, prefix) = parse(text, AF_INET6, bytes: 16), prefix == prefixV6 else {
                throw .networkUnfit(
                    field: "\(field).vmIPv6NetworkCIDR", text: text, rule: "an IPv6 network of 64 bits",
                    example: "fd10:0:2::/64")
            }
            addresses.append(.init(family: .ipv6, address: address, prefix: prefix))
        }
        return addresses
    }

    /// The network's own address, without what the text says of a host, and its bits.
    private static func parse(_ text: String, _ family: Int32, bytes count: Int) -> (String, Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]), (0...count * 8).contains(prefix) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        guard inet_pton(family, String(parts[0]), &bytes) == 1 else { return nil }
        for index in bytes.indices { bytes[index] &= ~(UInt8.max >> max(0, min(8, prefix - index * 8))) }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return (String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self), prefix)
    }
}
