import DomainModel
package import DomainPlan
package import KubeVirtModel
import KubernetesModel

/// QEMU's own network stack: each interface is behind a NAT of its own, and needs no right on the host.
///
/// libvirt 9.0 takes `<portForward>` and acts on it only with the passt backend, which its QEMU driver refuses here;
/// so the forwards are given to the running QEMU, while the guest is still paused.
package enum UserModeNetwork {
    package static func prepare(
        _ instance: VirtualMachineInstance
    ) throws(NetworkError) -> [String: PreparedInterface] {
        var interfaces: [String: PreparedInterface] = [:]
        for interface in instance.spec.domain.devices.interfaces {
            let mac =
                interface.macAddress
                ?? MACAddress.stable(uid: instance.metadata.uid ?? instance.qualifiedName, interface: interface.name)
            interfaces[interface.name] = PreparedInterface(source: .user, mac: mac)
        }
        for (index, network) in instance.spec.networks.enumerated() {
            guard let pod = network.pod else { continue }
            interfaces[network.name]?.addresses = try GuestNetworks.of(pod, field: "spec.networks[\(index)].pod")
        }
        return interfaces
    }

    /// The monitor's command for a forward. libvirt names the back end `host` and the device's alias.
    package static func monitorCommand(_ forward: PortForward) -> String {
        let kind = forward.protocol.rawValue.lowercased()
        return "hostfwd_add hostua-\(forward.interface) \(kind):127.0.0.1:\(forward.host)-:\(forward.guest)"
    }
}

/// Gives forwards to a QEMU.
package struct PortForwarder: Sendable {
    /// Runs a command of QEMU's human monitor and returns what it prints: nothing, where all is well.
    let monitor: @Sendable (String) async throws -> String

    package init(monitor: @escaping @Sendable (String) async throws -> String) { self.monitor = monitor }

    /// Opens every forward, and returns them with the ports that they got: one that is taken and was not fixed moves.
    package func open(_ forwards: [PortForward]) async throws -> [PortForward] {
        var opened: [PortForward] = []
        for forward in forwards { opened.append(try await open(forward)) }
        return opened
    }

    private func open(_ forward: PortForward) async throws -> PortForward {
        var problem = ""
        for host in candidates(forward) {
            var candidate = forward
            candidate.host = host
            let answer = try await monitor(UserModeNetwork.monitorCommand(candidate))
            problem = answer.split(separator: "\n").joined(separator: " ").cut(to: 300)
            if problem.isEmpty { return candidate }
        }
        if forward.isFixed {
            throw NetworkError.portTaken(
                interface: forward.interface, host: forward.host, guest: forward.guest, problem: problem)
        }
        throw NetworkError.noPortFree(interface: forward.interface, guest: forward.guest)
    }

    /// The wanted port, then forty in the range that the kernel leaves to servers, from a place of its own.
    private func candidates(_ forward: PortForward) -> [Int] {
        guard !forward.isFixed else { return [forward.host] }
        return [forward.host] + (0..<40).map { 20_000 + (forward.guest * 131 + $0 * 97) % 10_000 }
    }
}
