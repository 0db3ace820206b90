import FoundationEssentials
import NodeAgent
import Testing

@Suite struct ServiceManagerTests {
    @Test("what is told arrives as one datagram, a line each")
    func told() throws {
        let listener = try DatagramListener()
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": listener.path], processID: 1))
        manager.tell(.ready, .status("two\nlines"))
        #expect(String(decoding: listener.receive(), as: UTF8.self) == "READY=1\nSTATUS=two lines")
        manager.tell(.alive)
        #expect(String(decoding: listener.receive(), as: UTF8.self) == "WATCHDOG=1")
    }

    @Test("nobody listens: nothing happens")
    func unheard() throws {
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": "/nowhere/notify"], processID: 1))
        manager.tell(.stopping)
        #expect(ServiceManager(environment: [:], processID: 1) == nil)
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": "vsock:2"], processID: 1) == nil)
    }

    @Test("a watchdog counts for the process that it names, in microseconds")
    func watchdog() {
        func interval(_ more: [String: String]) -> Duration? {
            let environment = ["NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "30000000"].merging(more) { $1 }
            return ServiceManager(environment: environment, processID: 7)?.watchdog
        }
        #expect(interval([:]) == .seconds(30))
        #expect(interval(["WATCHDOG_PID": "7"]) == .seconds(30))
        #expect(interval(["WATCHDOG_PID": "8"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
    }
}
