import Testing

@testable import DomainModel

/// Writing takes parts where they lie and stores nothing in them: others may be reading them at the same time.
@Suite struct DomainWritingTests {
    @Test("writing stores nothing in a domain", arguments: [false, true])
    func domain(readBack: Bool) throws {
        for domain in [Domain(), SampleDomains.typical, SampleDomains.complete] {
            let written = domain.xml().text
            let domain = readBack ? try Domain(xml: written) : domain
            #expect(try withReadOnly(domain) { XMLWriter.write("domain", $0, capacity: 1 << 16).text } == written)
        }
    }

    @Test("writing stores nothing in the parts of a domain that was read", arguments: ["live", "strange"])
    func document(_ name: String) throws {
        let domain = try Domain(xml: name == "live" ? SampleDocuments.live : SampleDocuments.strange)
        #expect(try withReadOnly(domain) { XMLWriter.write("domain", $0, capacity: 1 << 16).text } == domain.xml().text)
        try expectUntouched(domain.devices)
    }

    @Test("writing stores nothing in any device")
    func devices() throws { try expectUntouched(SampleDomains.complete.devices) }

    @Test("a domain is written by many at once")
    func concurrent() async {
        let domain = SampleDomains.complete
        let text = domain.xml().text
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { (0..<20).allSatisfy { _ in domain.xml().text == text } } }
            for await isSame in group { #expect(isSame) }
        }
    }

    private func expectUntouched(_ devices: DomainDevices) throws {
        try expectUntouched("disk", devices.disks)
        try expectUntouched("controller", devices.controllers)
        try expectUntouched("interface", devices.interfaces)
        try expectUntouched("hostdev", devices.hostDevices)
        try expectUntouched("filesystem", devices.filesystems)
        try expectUntouched("serial", devices.serials)
        try expectUntouched("console", devices.consoles)
        try expectUntouched("channel", devices.channels)
        try expectUntouched("input", devices.inputs)
        try expectUntouched("sound", devices.sounds)
        try expectUntouched("redirdev", devices.redirections)
        try expectUntouched("panic", devices.panics)
        try expectUntouched("memory", devices.memories)
    }

    private func expectUntouched(_ name: StaticString, _ parts: [some XMLPart]) throws {
        for part in parts {
            let written = try withReadOnly(part) { XMLWriter.write(name, $0, capacity: 4096).text }
            #expect(written == XMLWriter.write(name, part, capacity: 4096).text)
        }
    }
}
