import Serving
import Testing

@Suite struct InheritedSocketsTests {
    private static let environment = ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "api:streams"]

    @Test("sockets go by their names, from descriptor 3 on")
    func names() {
        let sockets = InheritedSockets(environment: Self.environment, processID: 7)
        let address = ListenAddress.tcp(host: "::1", port: 1)
        #expect(sockets.address("api", else: address) == .inherited(descriptor: 3, name: "api"))
        #expect(sockets.address("streams", else: address) == .inherited(descriptor: 4, name: "streams"))
        #expect(sockets.address("metrics", else: address) == address)
    }

    @Test(
        "those of another process, and numbers that are none, give nothing",
        arguments: [
            ["LISTEN_PID": "8"], ["LISTEN_PID": ""], ["LISTEN_FDS": "-1"], ["LISTEN_FDS": "many"],
            ["LISTEN_FDS": "4000000000"],
        ])
    func refused(change: [String: String]) {
        let environment = Self.environment.merging(change) { $1 }
        #expect(InheritedSockets(environment: environment, processID: 7) == .none)
    }

    @Test("a socket without a name goes by its number")
    func unnamed() {
        let sockets = InheritedSockets(environment: ["LISTEN_PID": "7", "LISTEN_FDS": "1"], processID: 7)
        let address = ListenAddress.tcp(host: "::1", port: 1)
        #expect(sockets.address("0", else: address) == .inherited(descriptor: 3, name: "0"))
    }
}
