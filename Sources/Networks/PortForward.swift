package import KubeVirtModel
import KubernetesModel

/// A port of the host's loopback that leads to a port of the guest.
package struct PortForward: Sendable, Equatable {
    package static let annotation = "virt-node.io/port-forwards"

    package var interface: String
    package var name: String?
    package var `protocol`: PortProtocol
    /// The host's port, on 127.0.0.1.
    package var host: Int
    package var guest: Int
    /// Whether the user named the host's port: then no other will do.
    package var isFixed: Bool

    package init(
        interface: String, name: String?, protocol: PortProtocol, host: Int, guest: Int, isFixed: Bool
    ) {
        self.interface = interface
        self.name = name
        self.protocol = `protocol`
        self.host = host
        self.guest = guest
        self.isFixed = isFixed
    }

    /// `127.0.0.1:8080 -> 8080/tcp`.
    package var text: String { "127.0.0.1:\(host) -> \(guest)/\(`protocol`.rawValue.lowercased())" }
}

/// Which ports are forwarded: those of the interfaces' `ports` and `portRanges`.
package enum PortForwardPlan {
    /// QEMU runs without privileges and cannot listen below 1024: such a port moves up by this much.
    package static let privilegedOffset = 10_000
    /// Forwards of a VMI. QEMU holds a socket open for each, and may have 1024 files.
    package static let limit = 256

    /// The forwards of a VMI. The annotation `virt-node.io/port-forwards` (`2222:22,8080:80`) fixes ports of the host.
    package static func of(_ instance: VirtualMachineInstance) throws(NetworkError) -> [PortForward] {
        let fixed = try fixedPorts(instance.metadata.annotations[PortForward.annotation])
        var unused = Set(fixed.keys)
        var given: Set<String> = []
        var forwards: [PortForward] = []
        let interfaces = instance.spec.domain.devices.interfaces.filter { $0.state != .absent }
        let count = interfaces.reduce(0) { $0 + $1.portCount }
        guard count <= limit else { throw .tooManyForwards(count: count, limit: limit) }
        for interface in interfaces {
            for port in interface.forwardedPorts {
                unused.remove(port.number)
                // A port of the host leads to one interface, by each protocol.
                let isFirst = given.insert("\(port.number)/\(port.protocol)").inserted
                let host = isFirst ? fixed[port.number] : nil
                forwards.append(
                    PortForward(
                        interface: interface.name, name: port.name, protocol: port.protocol,
                        host: host ?? (port.number < 1024 ? port.number + privilegedOffset : port.number),
                        guest: port.number, isFixed: host != nil))
            }
        }
        if let unknown = unused.min() {
            throw .forwardUnknown(annotation: PortForward.annotation, port: unknown)
        }
        return forwards
    }

    private static func fixedPorts(_ text: String?) throws(NetworkError) -> [Int: Int] {
        var ports: [Int: Int] = [:]
        for entry in (text ?? "").split(separator: ",") {
            guard let match = entry.wholeMatch(of: /\s*([0-9]{1,5}):([0-9]{1,5})\s*/), let host = Int(match.1),
                let guest = Int(match.2), (1...65535).contains(host), (1...65535).contains(guest)
            else { throw .badForward(annotation: PortForward.annotation, entry: String(entry)) }
            guard ports[guest] == nil, !ports.values.contains(host) else {
                throw .forwardTwice(annotation: PortForward.annotation, entry: "\(host):\(guest)")
            }
            ports[guest] = host
        }
        return ports
    }
}

extension Interface {
    fileprivate struct ForwardedPort {
        var name: String?
        var number: Int
        var `protocol`: PortProtocol
    }

    /// How many ports are listed, each as often as it is.
    fileprivate var portCount: Int {
        ports.count + portRanges.reduce(0) { $0 + max(0, Int($1.end) - Int($1.start) + 1) }
    }

    /// The ports by themselves, then those of the ranges that are none of them.
    fileprivate var forwardedPorts: [ForwardedPort] {
        var all = ports.map { ForwardedPort(name: $0.name, number: Int($0.port), protocol: $0.protocol ?? .tcp) }
        for range in portRanges where range.start <= range.end {
            for number in Int(range.start)...Int(range.end)
            where !all.contains(where: { $0.number == number && $0.protocol == range.protocol }) {
                all.append(ForwardedPort(number: number, protocol: range.protocol))
            }
        }
        return all
    }
}
