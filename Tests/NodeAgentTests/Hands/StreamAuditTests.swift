import Foundation
import Logging
import Serving
import Synchronization
import SystemPackage
import Testing

@testable import NodeAgent

/// Who opened which console, and when, stands in the log.
@Suite struct StreamAuditTests {
    private func path(_ rest: String) -> String {
        "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/vm/\(rest)"
    }

    /// The lines that a daemon writes at its quietest, as `message key=value …`.
    private func lines(_ work: @Sendable (FilePath, FakeHands) async throws -> Void) async throws -> [String] {
        let written = WrittenLines()
        var logger = Logger(label: "test") { _ in RecordingHandler(written: written) }
        logger.logLevel = .critical
        let hands = FakeHands()
        try await servingHands(hands, logger: logger) { socket, _ in try await work(socket, hands) }
        return written.lines
    }

    private let user = "\(NSUserName()) (uid \(geteuid()), pid \(getpid()))"

    @Test("a console that is opened and closed leaves two lines, whatever the level of the log")
    func opened() async throws {
        let lines = try await lines { socket, hands in
            try await WebSocketClient(.unix(path: socket)).connect(path("console")) { connection in
                while !hands.hub.isWatched { await Task.yield() }
                hands.hub.close()
                for await _ in connection {}
            }
        }
        try #require(lines.count == 2, "\(lines)")
        #expect(lines[0] == "console opened console=serial user=\(user) vmi=default/vm")
        #expect(lines[1].hasPrefix("console closed code=1000 console=serial duration="), "\(lines)")
        #expect(lines[1].hasSuffix(" user=\(user) vmi=default/vm"), "\(lines)")
    }

    @Test("so does a look at one that is not opened")
    func read() async throws {
        let lines = try await lines { socket, _ in
            _ = try await curl(socket, path("vnc/screenshot"))
            _ = try await curl(socket, "/virt-node/v1/namespaces/default/machines/vm/log")
            _ = try await curl(socket, "/virt-node/v1/namespaces/default/machines/none/log")
        }
        #expect(lines.count == 2, "\(lines)")
        #expect(lines.first?.hasPrefix("console read console=picture user=") == true, "\(lines)")
        #expect(lines.last?.hasPrefix("console read console=log user=") == true, "\(lines)")
        #expect(lines.allSatisfy { $0.hasSuffix(" vmi=default/vm") }, "\(lines)")
    }
}

private final class WrittenLines: Sendable {
    private let state = Mutex<[String]>([])
    var lines: [String] { state.withLock { $0 } }
    func add(_ line: String) { state.withLock { $0.append(line) } }
}

private struct RecordingHandler: LogHandler {
    let written: WrittenLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        written.add(([event.message.description] + pairs).joined(separator: " "))
    }
}
