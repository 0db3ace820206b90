import Testing

@testable import DomainModel

@Suite struct DomainMetadataTests {
    private static let metadata = DomainMetadata(
        uid: "5d307ca9-b3ef-428c-8861-06e72d69f223", namespace: "n<s>&\"", name: "a\nb", generation: 7,
        owner: "run:0a1b2c", bootID: "boot")

    /// The element as `virDomainGetMetadata` returns it.
    private static func element(_ metadata: DomainMetadata) throws -> String {
        var domain = Domain()
        domain.metadata = metadata
        let lines = domain.xml().text.split(separator: "\n").filter { $0.contains("virt-node:instance") }
        return try #require(lines.first).trimmingPrefix { $0 == " " }.description
    }

    @Test("what is written is read back")
    func roundTrip() throws { #expect(DomainMetadata(xml: try Self.element(Self.metadata)) == Self.metadata) }

    @Test("the namespace is a contract")
    func namespace() throws {
        #expect(DomainMetadata.namespace == "https://virt-node.io/v1")
        #expect(try Self.element(Self.metadata).contains("xmlns:virt-node=\"https://virt-node.io/v1\" schema=\"1\""))
    }

    @Test("libvirt may choose another prefix, or none", arguments: ["instance", "v:instance", "virt-node:instance"])
    func prefix(name: String) {
        let read = DomainMetadata(
            xml: "<\(name) schema='1' uid='u' namespace='n' name='m' generation='2' owner='o' boot='b'/>")
        #expect(read == DomainMetadata(uid: "u", namespace: "n", name: "m", generation: 2, owner: "o", bootID: "b"))
    }

    @Test(
        "a domain that is not ours, or of a newer version, is left alone",
        arguments: [
            "", "text", "<other schema='1' uid='u' owner='o'/>", "<instance schema='2' uid='u' owner='o'/>",
            "<instance uid='u' owner='o'/>", "<instance schema='x' uid='u' owner='o'/>",
            "<instance schema='1' owner='o'/>", "<instance schema='1' uid='u'/>",
            "<instance schema='1' uid='u' owner='o'>",
        ])
    func strangers(xml: String) { #expect(DomainMetadata(xml: xml) == nil) }
}
