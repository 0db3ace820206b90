import KubeVirtModel
import Synchronization
import Testing

@testable import Networks

@Suite struct PortForwarderTests {
    /// A monitor that refuses some ports, and keeps what it was told.
    private final class Monitor: Sendable {
        let commands = Mutex<[String]>([])
        let refuses: @Sendable (Int) -> Bool

        init(refuses: @escaping @Sendable (Int) -> Bool) { self.refuses = refuses }

        func take(_ command: String) -> String {
            commands.withLock { $0.append(command) }
            let host = command.split(separator: ":").dropFirst(2).first.flatMap { Int($0.dropLast()) } ?? 0
            return refuses(host) ? "Could not set up host forwarding rule\r\n'tcp:...'\n" : "\n"
        }
    }

    private func forward(_ host: Int, _ guest: Int, fixed: Bool = false) -> PortForward {
        PortForward(interface: "net", name: nil, protocol: .tcp, host: host, guest: guest, isFixed: fixed)
    }

    @Test("a free port is opened on the loopback, at the interface's own back end")
    func opens() async throws {
        let monitor = Monitor { _ in false }
        let opened = try await PortForwarder { monitor.take($0) }.open([forward(10022, 22)])
        #expect(opened == [forward(10022, 22)])
        #expect(monitor.commands.withLock { $0 } == ["hostfwd_add hostua-net tcp:127.0.0.1:10022-:22"])
    }

    @Test("a port that is taken moves to one between 20000 and 30000, the same each time")
    func moves() async throws {
        let monitor = Monitor { $0 == 10022 }
        let first = try await PortForwarder { monitor.take($0) }.open([forward(10022, 22)])
        let second = try await PortForwarder { monitor.take($0) }.open([forward(10022, 22)])
        #expect(first == second)
        #expect((20_000..<30_000).contains(try #require(first.first).host))
        #expect(first.first?.guest == 22)
    }

    @Test("two forwards that want one port both get one")
    func collide() async throws {
        let taken = Mutex<Set<Int>>([])
        let forwarder = PortForwarder { command in
            let host = command.split(separator: ":")[2].dropLast()
            return taken.withLock { $0.insert(Int(host) ?? 0).inserted } ? "" : "taken"
        }
        let opened = try await forwarder.open([forward(10080, 80), forward(10080, 80), forward(10080, 80)])
        #expect(Set(opened.map(\.host)).count == 3)
    }

    @Test("a fixed port that is taken is an error with QEMU's words")
    func fixedTaken() async {
        let monitor = Monitor { _ in true }
        let error = await #expect(throws: NetworkError.self) {
            try await PortForwarder { monitor.take($0) }.open([forward(2222, 22, fixed: true)])
        }
        #expect(monitor.commands.withLock { $0.count } == 1)
        #expect(
            error?.description.hasPrefix(
                "interface net: port 2222 of the host cannot be forwarded to the guest's 22: Could not set up") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test("where no port is free, that is told after a bounded search")
    func noneFree() async {
        let monitor = Monitor { _ in true }
        await #expect(throws: NetworkError.noPortFree(interface: "net", guest: 22)) {
            try await PortForwarder { monitor.take($0) }.open([forward(10022, 22)])
        }
        #expect(monitor.commands.withLock { Set($0).count } == 41)
    }
}
