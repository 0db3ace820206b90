internal import Glibc
package import Libvirt
internal import SystemPackage

/// `--libvirt-uri`.
package enum LibvirtChoice: Sendable, Equatable {
    case auto
    case system
    case embedded
    case uri(String)

    package init?(_ text: String) {
        switch text {
        case "auto": self = .auto
        case "system", "qemu:///system": self = .system
        case "embed", "embedded", "qemu:///embed": self = .embedded
        default:
            guard text.contains("://") else { return nil }
            self = .uri(text)
        }
    }

    /// Opens the libvirt of choice. `auto` is the host's daemon where it answers, else the driver in this process.
    package func open(_ session: Session, pool: BlockingPool) async throws(AgentError) -> Connection {
        switch self {
        case .system: return try await connect(.system, pool)
        case .uri(let uri): return try await connect(.uri(uri), pool)
        case .embedded: return try await embedded(session, pool)
        case .auto:
            guard Self.daemonListens(), case .version = await SystemProbe.ask() else {
                return try await embedded(session, pool)
            }
            return try await connect(.system, pool)
        }
    }

    /// Whether a daemon's socket takes connections; libvirt itself would first try to start one.
    package static func daemonListens() -> Bool {
        ["/run/libvirt/virtqemud-sock", "/run/libvirt/libvirt-sock"].contains { UnixSocket.canConnect($0) }
    }

    private func connect(_ endpoint: LibvirtEndpoint, _ pool: BlockingPool) async throws(AgentError) -> Connection {
        do throws(LibvirtError) { return try await Connection.open(endpoint, pool: pool) } catch {
            throw .libvirt(instance: nil, step: "connect", error)
        }
    }

    private func embedded(_ session: Session, _ pool: BlockingPool) async throws(AgentError) -> Connection {
        let root = session.embeddedRoot
        try root.prepare()
        await root.removeProbes()
        await root.removeUnborn()
        root.removeForgotten()
        let connection = try await connect(.embedded(root: root.path.string), pool)
        root.keepCapabilities()
        return connection
    }
}
