import Testing

@testable import DomainModel

/// What a domain does not know is kept beside what it knows, and never in its way.
@Suite struct XMLRestTests {
    private func devices(_ xml: String) throws -> Domain {
        try Domain(xml: "<domain type='kvm'><devices>\(xml)</devices></domain>")
    }

    private func written(_ domain: Domain) throws -> XMLElement {
        try #require(try XMLReader.read(domain.xml().text)["devices"])
    }

    @Test("nothing is left of a domain that is all known", arguments: [false, true])
    func nothingLeft(isComplete: Bool) throws {
        let domain = isComplete ? SampleDomains.complete : SampleDomains.typical
        let read = try Domain(xml: domain.xml().text)
        #expect(read.rest == nil && read.devices.rest == nil && read.os.rest == nil && read.features.rest == nil)
        #expect(
            read.devices.disks.allSatisfy { $0.rest == nil } && read.devices.interfaces.allSatisfy { $0.rest == nil })
    }

    @Test("a property that is set wins over an attribute that was kept")
    func propertyWins() throws {
        var domain = try devices("<disk type='file' device='disk'><driver discard='ignore' cache='none'/></disk>")
        #expect(!domain.devices.disks[0].discardUnmap)
        #expect(try written(domain)["disk"]?["driver"]?.attributes == ["discard": "ignore", "cache": "none"])
        domain.devices.disks[0].discardUnmap = true
        domain.devices.disks[0].cache = nil
        #expect(try written(domain)["disk"]?["driver"]?.attributes == ["discard": "unmap"])
    }

    @Test("an address that was not read goes when another is set")
    func choice() throws {
        var domain = try devices("<sound model='ac97'><address type='ccw' cssid='0xfe' ssid='0x0'/></sound>")
        #expect(domain.devices.sounds[0].address == nil)
        #expect(try written(domain)["sound"]?["address"]?.attributes["cssid"] == "0xfe")
        domain.devices.sounds[0].address = .usb(bus: 0, port: "1")
        #expect(try written(domain)["sound"]?["address"]?.attributes == ["type": "usb", "bus": "0", "port": "1"])
    }

    @Test("a second device of which a domain has one survives, and so does one of another kind")
    func siblings() throws {
        let domain = try devices(
            "<graphics type='spice'/><graphics type='vnc'><listen type='socket' socket='/v'/></graphics>"
                + "<video><model type='vga'/></video><video><model type='qxl'/></video>")
        #expect(domain.devices.graphics == Graphics(socket: "/v"))
        #expect(domain.devices.video == VideoCard(model: "vga", heads: nil))
        #expect(domain.devices.rest?.children.map(\.name) == ["graphics", "video"])
        #expect(try written(domain).all("video").map { $0["model"]?.attributes["type"] } == ["vga", "qxl"])
    }

    @Test("a device without what it must have is none of the known ones, but survives")
    func required() throws {
        let domain = try devices("<disk type='file' device='floppy'/><disk type='file' device='lun'/>")
        #expect(domain.devices.disks.map(\.device) == [.lun])
        #expect(try written(domain).all("disk").map { $0.attributes["device"] } == ["lun", "floppy"])
    }

    @Test("an element that says nothing but that it is there stays there")
    func presence() throws {
        let domain = try Domain(xml: "<domain type='kvm'><sysinfo type='smbios'><bios/></sysinfo><features/></domain>")
        let root = try XMLReader.read(domain.xml().text)
        #expect(root["sysinfo"]?.children == [XMLElement("bios")])
        #expect(root["features"] == XMLElement("features"))
        #expect(domain.sysinfo?.bios == [])
    }

    @Test("a domain of another driver keeps its type")
    func type() throws {
        var domain = try Domain(xml: "<domain type='test'><name>a</name></domain>")
        #expect(try XMLReader.read(domain.xml().text).attributes == ["type": "test"])
        domain.rest = nil
        #expect(try XMLReader.read(domain.xml().text).attributes == ["type": "kvm"])
    }

    @Test(
        "amounts of memory are read in every unit that libvirt knows",
        arguments: [
            ("<memory>1</memory>", 1024), ("<memory unit='b'>1</memory>", 1), ("<memory unit='bytes'>7</memory>", 7),
            ("<memory unit='k'>1</memory>", 1024), ("<memory unit='KB'>1</memory>", 1000),
            ("<memory unit='KiB'> 2\n</memory>", 2048), ("<memory unit='mib'>1</memory>", 1 << 20),
            ("<memory unit='G'>1</memory>", 1 << 30), ("<memory unit='TB'>1</memory>", 1_000_000_000_000),
            ("<memory unit='PiB'>1</memory>", 1 << 50), ("<memory unit='EiB'>7</memory>", 7 << 60),
            ("<memory unit='EiB'>8</memory>", 0), ("<memory unit='x'>1</memory>", 0), ("<memory>-1</memory>", 0),
        ] as [(String, Int64)])
    func units(xml: String, bytes: Int64) throws {
        let domain = try Domain(xml: "<domain type='kvm'>\(xml)</domain>")
        #expect(domain.memoryBytes == bytes)
        if bytes == 0 {
            #expect(try XMLReader.read(domain.xml().text)["memory"] == XMLReader.read(xml))
        }
    }

    @Test(
        "what is no domain is refused",
        arguments: ["<capabilities/>", "<domain type='kvm'><vcpu>many</vcpu></domain>", "<domain", ""])
    func refused(xml: String) { #expect(throws: XMLError.self) { try Domain(xml: xml) } }

    @Test("an error says which element, and why")
    func message() {
        #expect(
            throws: XMLError.unreadable(element: "capabilities", problem: "it is not the <domain> that was expected")
        ) {
            try Domain(xml: "<capabilities/>")
        }
        let error = #expect(throws: XMLError.self) { try Domain(xml: "<domain type='kvm'><vcpu>many</vcpu></domain>") }
        #expect(
            error?.description
                == "this <domain> cannot be read: vcpu/text is missing, or is no value that it can have")
    }

    @Test("`<qemu:commandline>` brings its namespace along, and another prefix survives")
    func qemuNamespace() throws {
        var domain = Domain()
        domain.qemuArguments = ["-s"]
        let root = try XMLReader.read(domain.xml().text)
        #expect(root.attributes["xmlns:qemu"] == "http://libvirt.org/schemas/domain/qemu/1.0")
        #expect(root["qemu:commandline"]?["qemu:arg"]?.attributes == ["value": "-s"])
        domain.qemuArguments = []
        #expect(try XMLReader.read(domain.xml().text).attributes == ["type": "kvm"])
        let other = "<domain type='kvm' xmlns:q='u'><q:commandline><q:arg value='-s'/></q:commandline></domain>"
        let read = try XMLReader.read(try Domain(xml: other).xml().text)
        #expect(read.attributes["xmlns:q"] == "u" && read["q:commandline"]?["q:arg"] != nil)
    }
}
