import FoundationEssentials
import Glibc
import NodeAgent
import Testing

@Suite struct ServiceManagerTests {
    @Test("what is told arrives as one datagram, a line each")
    func told() throws {
        let listener = try NotifySocket()
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": listener.path], processID: 1))
        manager.tell(.ready, .status("two\nlines"))
        #expect(listener.receive() == "READY=1\nSTATUS=two lines")
        manager.tell(.alive)
        #expect(listener.receive() == "WATCHDOG=1")
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

/// What systemd listens on.
private final class NotifySocket {
    let path = "/tmp/vn-notify-\(UInt32.random(in: .min ... .max))"
    private let descriptor: CInt

    init() throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
