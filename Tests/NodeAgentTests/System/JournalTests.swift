import Glibc
import Logging
import NodeAgent
import Testing

@Suite struct JournalTests {
    /// The fields of one datagram of the journal's protocol.
    private func fields(_ bytes: [UInt8]) throws -> [String: String] {
        var fields: [String: String] = [:]
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if let equals = line.firstIndex(of: "=") {
                fields[String(line[..<equals])] = String(line[line.index(after: equals)...])
            } else {
                try #require(rest.count > 8)
                let count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(8)
                fields[line] = String(decoding: rest.prefix(count), as: UTF8.self)
                rest = rest.dropFirst(count + 1)
            }
        }
        return fields
    }

    private func sent(_ body: (Logger) -> Void) throws -> [String: String] {
        let listener = try DatagramListener()
        let socket = try #require(JournalSocket(path: listener.path))
        body(Logger(label: "virt-node") { JournalLogHandler(socket, label: $0) })
        return try fields(listener.receive())
    }

    @Test("what concerns a VM has fields to look for it by")
    func named() throws {
        let fields = try sent { logger in
            logger.warning("default/web: start: slow", metadata: ["vmi": "default/web", "uid": "1-2", "step": "start"])
        }
        #expect(fields["MESSAGE"] == "default/web: start: slow")
        #expect(fields["VMI"] == "default/web")
        #expect(fields["VMI_UID"] == "1-2")
        #expect(fields["STEP"] == "start")
        #expect(fields["PRIORITY"] == "4")
        #expect(fields["SYSLOG_IDENTIFIER"] == "virt-node")
    }

    @Test("other metadata is a field, and stands in the message too")
    func others() throws {
        let fields = try sent { $0.error("refused", metadata: ["user name": "eve", "uid": "7"]) }
        #expect(fields["VIRT_NODE_USER_NAME"] == "eve")
        #expect(fields["MESSAGE"] == "refused [user name=eve]")
        #expect(fields["PRIORITY"] == "3")
    }

    @Test("no value can pass for another field")
    func injected() throws {
        let fields = try sent { $0.info("line\nPRIORITY=0\nVMI=other", metadata: ["vmi": "a\n_UID=0"]) }
        #expect(fields["MESSAGE"] == "line\nPRIORITY=0\nVMI=other")
        #expect(fields["PRIORITY"] == "6")
        #expect(fields["VMI"] == "a\n_UID=0")
        #expect(fields["_UID"] == nil)
    }

    @Test("the level follows while loggers are in use, and only it decides")
    func level() {
        let log = DaemonLog(.warning)
        let logger = log.logger(environment: [:])
        #expect(logger.logLevel == .warning)
        log.level = .debug
        #expect(logger.logLevel == .debug)
    }

    @Test("without a journal there is no socket")
    func absent() { #expect(JournalSocket(path: "/tmp/vn-no-such-journal") == nil) }
}
