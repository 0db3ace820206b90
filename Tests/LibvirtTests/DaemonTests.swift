import Glibc
import Libvirt
import Testing

/// The third ring: a real libvirtd and a real QEMU, both the test's own.
@Suite(.serialized, .enabled(if: PrivateDaemon.isPossible, "needs root, libvirtd and QEMU")) struct DaemonTests {
    private static let pool = BlockingPool(label: "daemon", width: 2)

    /// Opens the connection once the daemon listens; nil where it ended instead.
    private func open(_ daemon: PrivateDaemon) async throws -> Connection? {
        while daemon.isRunning {
            guard daemon.isPrivate else {
                try await Task.sleep(for: .milliseconds(10))
                continue
            }
            do { return try await Connection.open(.uri(daemon.uri), pool: Self.pool) } catch
                where error.isConnectionLost
            {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return nil
    }

    @Test("a domain's counters come in one call, and the daemon's death ends the stream and marks the errors")
    func life() async throws {
        let daemon = try #require(PrivateDaemon())
        guard let connection = try await open(daemon) else {
            Issue.record("skipped: this machine lets no test mount folders of its own", severity: .warning)
            return
        }
        #expect(try await connection.statistics() == [])
        #expect(try await connection.domainCapabilities(virtualization: "qemu").contains("<domainCapabilities>"))
        let domain = try await connection.define(
            """
            <domain type='qemu'><name>counted</name><memory unit='MiB'>64</memory><vcpu>2</vcpu>\
            <os><type arch='x86_64' machine='q35'>hvm</type></os><devices><video><model type='none'/></video>\
            <memballoon model='virtio'/></devices></domain>
            """)
        try await domain.start(paused: true)
        let statistics = try #require(try await connection.statistics().first)
        #expect(statistics.domain == "counted" && statistics.uuid == domain.uuid)
        #expect(statistics.state == .paused)
        #expect(statistics.vcpus.count == 2 && statistics.cpu.time != nil)
        #expect(statistics.memory.resident ?? 0 > 0)
        #expect(try await domain.diskErrors().isEmpty)
        try await domain.resume()
        try await domain.reset()
        let agent = await #expect(throws: LibvirtError.self) { _ = try await domain.agentVersion() }
        #expect(agent?.isUnsupported == true || agent?.isAgentUnresponsive == true, "\(String(describing: agent))")
        try await domain.destroy()
        #expect(await connection.isAlive)
        daemon.kill()
        var reasons: [CloseReason] = []
        for await reason in connection.closed { reasons.append(reason) }
        #expect(reasons.count == 1)
        #expect(reasons.first == .endOfFile || reasons.first == .error)
        let error = await #expect(throws: LibvirtError.self) { _ = try await connection.domains() }
        #expect(error?.isConnectionLost == true, "\(String(describing: error))")
        #expect(await connection.isAlive == false)
    }
}
