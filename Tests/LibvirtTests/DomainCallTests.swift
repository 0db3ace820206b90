import Libvirt
import Testing

/// The second ring: calls of a domain and of the host on libvirt's own fake.
@Suite struct DomainCallTests {
    private static let pool = BlockingPool(label: "calls", width: 2)

    private func open() async throws -> Connection {
        try await Connection.open(.uri("test:///default"), pool: Self.pool)
    }

    private func start(_ connection: Connection, _ name: String) async throws -> DomainHandle {
        let domain = try await connection.define(
            """
            <domain type='test'><name>\(name)</name><memory unit='b'>67108864</memory><vcpu>2</vcpu>\
            <os><type arch='i686'>hvm</type></os></domain>
            """)
        try await domain.start(paused: false)
        return domain
    }

    private func end(_ domain: DomainHandle) async throws {
        try await domain.destroy()
        try await domain.undefine()
    }

    @Test("a domain is suspended, resumed and told apart from one that is off")
    func suspend() async throws {
        let connection = try await open()
        let domain = try await start(connection, "calls-suspend")
        try await domain.suspend()
        #expect(try await domain.state() == .paused)
        #expect(try await domain.isActive())
        try await domain.resume()
        let info = try await domain.coreInfo()
        #expect(info.state == .running && info.memoryKiB == 65536 && info.vcpus == 2)
        try await domain.destroy()
        #expect(try await domain.isActive() == false)
        #expect(try await domain.hasManagedSave() == false)
        try await domain.undefine()
    }

    @Test("metadata are written to the running domain and to its definition, and taken away again")
    func metadata() async throws {
        let connection = try await open()
        let domain = try await start(connection, "calls-metadata")
        let namespace = "https://virt-node.io/test"
        try await domain.setMetadata("<note text='first'/>", key: "t", namespace: namespace)
        #expect(try await domain.metadata(namespace: namespace)?.contains("first") == true)
        #expect(try await domain.inactiveXML().contains("first"))
        try await domain.setMetadata(nil, key: "t", namespace: namespace)
        try await domain.setMetadata(nil, key: "t", namespace: namespace)
        #expect(try await domain.metadata(namespace: namespace) == nil)
        try await end(domain)
    }

    @Test("the fake's host, capabilities and versions are read")
    func host() async throws {
        let connection = try await open()
        #expect(await connection.isAlive)
        #expect(try await connection.capabilities().contains("<arch>i686</arch>"))
        #expect(try await connection.nodeInfo().cpus > 0)
        #expect(try await connection.hypervisorVersion() == "0.0.2")
        #expect(try await connection.daemonVersion() == Connection.libraryVersion())
        let error = await #expect(throws: LibvirtError.self) { _ = try await connection.domainCapabilities() }
        #expect(error?.isUnsupported == true, "the fake has none")
    }

    @Test("a screen's picture comes whole, with its type")
    func screenshot() async throws {
        let connection = try await open()
        let domain = try await start(connection, "calls-screen")
        let picture = try await domain.screenshot()
        #expect(picture.mime == "image/png")
        #expect(picture.bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        #expect(picture.bytes.suffix(8).prefix(4) == [0x49, 0x45, 0x4E, 0x44], "the last chunk is IEND")
        try await end(domain)
    }

    @Test("the guest's file systems are frozen, thawed and listed")
    func guest() async throws {
        let connection = try await open()
        let domain = try await start(connection, "calls-guest")
        let frozen = try await domain.freezeFilesystems()
        #expect(frozen > 0)
        #expect(try await domain.thawFilesystems() == frozen)
        #expect(try await domain.guestFilesystems().allSatisfy { !$0.mountpoint.isEmpty })
        try await end(domain)
    }

    @Test("disk faults are listed, with no space told apart")
    func diskFaults() async throws {
        let connection = try await open()
        let disks = ["vda", "vdb"].map { "<disk type='file'><source file='/x/\($0)'/><target dev='\($0)'/></disk>" }
        let domain = try await connection.define(
            """
            <domain type='test'><name>calls-disks</name><memory unit='b'>67108864</memory>\
            <os><type arch='i686'>hvm</type></os><devices>\(disks.joined())</devices></domain>
            """)
        try await domain.start(paused: false)
        // The fake puts two faults on each domain's first two disks.
        let faults = try await domain.diskErrors()
        #expect(faults.map(\.target) == ["vda", "vdb"])
        #expect(faults.contains { $0.kind == .noSpace })
        try await end(domain)
    }

    @Test("a call that a driver lacks is unsupported, and no lost connection")
    func unsupported() async throws {
        let connection = try await open()
        let domain = try await start(connection, "calls-unsupported")
        let error = await #expect(throws: LibvirtError.self) { _ = try await domain.agentVersion() }
        #expect(error?.isUnsupported == true || error?.code == 8, "\(String(describing: error))")
        #expect(error?.isConnectionLost == false)
        try await end(domain)
    }

    @Test("the closing stream of a connection ends with it")
    func closed() async throws {
        var connection: Connection? = try await open()
        let closed = try #require(connection?.closed)
        connection = nil
        var reasons: [CloseReason] = []
        for await reason in closed { reasons.append(reason) }
        #expect(reasons.isEmpty)
    }
}
