import Glibc
import Libvirt
import Testing

/// The second ring: libvirt's own fake, which needs neither root nor QEMU. `make test-leaks` runs it under LeakSanitizer.
@Suite(.serialized) struct ConnectionTests {
    private static let pool = BlockingPool(label: "tests", width: 2)

    private func open() async throws -> Connection {
        try await Connection.open(.uri("test:///default"), pool: Self.pool)
    }

    private func document(_ name: String, uuid: String = "") -> String {
        """
        <domain type='test'><name>\(name)</name>\(uuid.isEmpty ? "" : "<uuid>\(uuid)</uuid>")<memory unit='b'>67108864</memory>\
        <vcpu>1</vcpu><os><type arch='i686'>hvm</type></os>\
        <metadata><v:instance xmlns:v='https://virt-node.io/v1' schema='1' uid='u' owner='run:x'/></metadata></domain>
        """
    }

    @Test("a domain is defined, started, destroyed and undefined")
    func life() async throws {
        let connection = try await open()
        let domain = try await connection.define(document("life"))
        #expect(domain.name == "life")
        #expect(domain.uuid.count == 36)
        #expect(try await domain.state() == .shutOff(.other))
        try await domain.start(paused: false)
        #expect(try await domain.state() == .running)
        #expect(try await domain.xml().contains("<name>life</name>"))
        try await domain.destroy()
        #expect(try await domain.state() == .shutOff(.destroyed))
        try await domain.undefine()
        #expect(try await connection.domain(named: "life") == nil)
    }

    @Test("ending what has ended, and forgetting what is forgotten, are no errors")
    func idempotent() async throws {
        let connection = try await open()
        let domain = try await connection.define(document("twice"))
        try await domain.destroy()
        try await domain.undefine()
        try await domain.destroy()
        try await domain.undefine()
    }

    @Test("our metadata are read back, and absent ones are none")
    func metadata() async throws {
        let connection = try await open()
        let domain = try await connection.define(document("tagged"))
        let element = try await domain.metadata(namespace: "https://virt-node.io/v1")
        #expect(element?.contains("owner=\"run:x\"") == true || element?.contains("owner='run:x'") == true)
        #expect(try await domain.metadata(namespace: "https://example.org/other") == nil)
        try await domain.undefine()
    }

    @Test("events tell a domain's life in its order, without a poll")
    func events() async throws {
        let connection = try await open()
        let subscription = try EventSubscription(connection)
        let domain = try await connection.define(document("eventful"))
        try await domain.start(paused: false)
        try await domain.destroy()
        try await domain.undefine()
        var kinds: [DomainEvent.Kind] = []
        for await event in subscription.events where event.domain == "eventful" {
            #expect(event.uuid == domain.uuid)
            kinds.append(event.kind)
            if event.kind == .undefined { break }
        }
        #expect(kinds == [.defined(.added), .started, .stopped(.destroyed), .undefined])
    }

    @Test("failures are typed: the call, libvirt's code and libvirt's words")
    func failures() async throws {
        let connection = try await open()
        let error = await #expect(throws: LibvirtError.self) { _ = try await connection.define("<domain/>") }
        guard case .call(let function, let failure) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(function == "virDomainDefineXMLFlags")
        #expect(failure.code > 0 && !failure.message.isEmpty, "\(failure)")
        let unreachable = await #expect(throws: LibvirtError.self) {
            _ = try await Connection.open(.uri("qemu+unix:///system?socket=/nonexistent"), pool: Self.pool)
        }
        guard case .unreachable(let uri, _) = unreachable else {
            Issue.record("\(String(describing: unreachable))")
            return
        }
        #expect(uri.contains("/nonexistent"))
    }

    @Test("a hundred rounds of every call leave nothing behind that a leak checker finds")
    func rounds() async throws {
        let connection = try await open()
        for round in 0..<100 {
            let subscription = try EventSubscription(connection)
            let domain = try await connection.define(document("round-\(round)"))
            try await domain.start(paused: false)
            _ = try await domain.xml()
            _ = try await domain.metadata(namespace: "https://virt-node.io/v1")
            _ = try? await domain.guestInfo()
            _ = try? await domain.humanMonitor("info status")
            try await domain.destroy()
            try await domain.undefine()
            withExtendedLifetime(subscription) {}
        }
        let left = try await connection.domains().map(\.name).filter { $0.hasPrefix("round-") }
        #expect(left.isEmpty)
        #expect(leaks() == 0, "LeakSanitizer's report is on the standard error")
    }

    /// Asks LeakSanitizer, where the tests were built with it (`make test-leaks`): it looks for memory that nothing names.
    private func leaks() -> Int32 {
        guard let symbol = dlsym(nil, "__lsan_do_recoverable_leak_check") else { return 0 }
        let check = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
        return check()
    }

    @Test("an embedded root's path is escaped in its URI")
    func escaping() {
        #expect(LibvirtEndpoint.embedded(root: "/a b/ü&c").uri == "qemu:///embed?root=/a%20b/%C3%BC%26c")
    }
}
