import Testing

@testable import DomainModel

@Suite struct DomainTests {
    private func read(_ configure: (inout Domain) -> Void) throws -> XMLElement {
        var domain = Domain()
        configure(&domain)
        return try XMLReader.read(domain.xml().text)
    }

    @Test("a domain says who executes it, its memory in bytes and its vCPUs")
    func basics() throws {
        let root = try read { domain in
            domain.type = .qemu
            domain.name = "default_a"
            domain.memoryBytes = 64 << 20
            domain.vcpu = VCPUCount(count: 3)
            domain.onReboot = .destroy
            domain.securityLabel = SecurityLabel(uid: 64055, gid: 108)
        }
        #expect(root.attributes == ["type": "qemu"])
        #expect(root["name"]?.text == "default_a")
        #expect(root["memory"]?.text == "67108864" && root["memory"]?.attributes == ["unit": "b"])
        #expect(root["vcpu"]?.text == "3")
        #expect(root["on_reboot"]?.text == "destroy")
        #expect(root["seclabel"]?["label"]?.text == "+64055:+108")
        #expect(root["seclabel"]?.attributes["relabel"] == "no")
        #expect(root["uuid"] == nil && root["metadata"] == nil)
    }

    @Test("a disk says all that lies below it, so that libvirt probes nothing")
    func backing() throws {
        let root = try read { domain in
            var disk = DomainDisk()
            disk.source = .init(
                path: "/a<b>", format: .qcow2,
                backing: [.init(path: "/c&d", format: .qcow2), .init(path: "/e", format: .raw)])
            domain.devices.disks = [disk]
        }
        let disk = try #require(root["devices"]?["disk"])
        #expect(disk["source"]?.attributes == ["file": "/a<b>"])
        let first = disk["backingStore"]
        #expect(first?["format"]?.attributes["type"] == "qcow2" && first?["source"]?.attributes["file"] == "/c&d")
        let second = first?["backingStore"]
        #expect(second?["format"]?.attributes["type"] == "raw" && second?["source"]?.attributes["file"] == "/e")
        #expect(second?["backingStore"] == XMLElement("backingStore"))
    }

    @Test("a disk without layers below says so, and an empty drive has no source")
    func noBacking() throws {
        let root = try read { domain in
            var disk = DomainDisk()
            disk.source = .init(path: "/dev/x", format: .raw, isBlockDevice: true)
            domain.devices.disks = [disk, DomainDisk()]
        }
        let disks = root["devices"]?.all("disk") ?? []
        #expect(disks.first?.attributes["type"] == "block")
        #expect(disks.first?["source"]?.attributes == ["dev": "/dev/x"])
        #expect(disks.first?["backingStore"]?.attributes == [:])
        #expect(disks.last?["source"] == nil && disks.last?["backingStore"] == nil)
    }

    @Test("firmware, kernel and SMBIOS texts reach libvirt as they are")
    func operatingSystem() throws {
        let root = try read { domain in
            domain.os.loader = FirmwareLoader(path: "/c", secure: true, variablesTemplate: "/t", variables: "/v")
            domain.os.kernel = "/k"
            domain.os.commandLine = "a=\"<b>\" c=d&e\nf"
            domain.os.bootMenuTimeout = 10_000
            domain.os.smbiosFromSysinfo = true
            var information = SystemInformation()
            information.chassis = [SMBIOSEntry("asset", "x & <y>")]
            domain.sysinfo = information
        }
        let os = try #require(root["os"])
        #expect(os["type"]?.attributes == ["arch": "x86_64", "machine": "q35"] && os["type"]?.text == "hvm")
        #expect(os["loader"]?.text == "/c" && os["loader"]?.attributes["secure"] == "yes")
        #expect(os["nvram"]?.text == "/v" && os["nvram"]?.attributes["template"] == "/t")
        #expect(os["cmdline"]?.text == "a=\"<b>\" c=d&e\nf")
        #expect(os["initrd"] == nil)
        #expect(os["bootmenu"]?.attributes == ["enable": "yes", "timeout": "10000"])
        #expect(root["sysinfo"]?["chassis"]?["entry"]?.text == "x & <y>")
        #expect(root["sysinfo"]?["system"] == nil)
    }

    @Test(
        "a clock runs in UTC, at an offset or in a zone",
        arguments: [
            (.utc, #"offset="utc" adjustment="reset""#), (.plainUTC, #"offset="utc""#),
            (.variable(-3600), #"offset="utc" adjustment="-3600""#),
            (.timezone("Europe/Berlin"), #"offset="timezone" timezone="Europe/Berlin""#),
        ] as [(DomainClock.Offset, String)])
    func clock(offset: DomainClock.Offset, attributes: String) throws {
        #expect(try read { $0.clock = DomainClock(offset) }["clock"] == XMLReader.read("<clock \(attributes)/>"))
    }

    @Test(
        "a CPU is the host's or a named one",
        arguments: [
            (DomainCPU.Mode.hostModel, "host-model", nil), (.hostPassthrough, "host-passthrough", nil),
            (.maximum, "maximum", nil), (.custom(model: "EPYC"), "custom", "EPYC"),
        ] as [(DomainCPU.Mode, String, String?)])
    func cpu(mode: DomainCPU.Mode, name: String, model: String?) throws {
        let root = try read { domain in
            var cpu = DomainCPU()
            cpu.mode = mode
            cpu.sockets = 2
            cpu.features = [.init(name: "mpx", policy: "disable")]
            domain.cpu = cpu
        }
        #expect(root["cpu"]?.attributes == ["mode": name])
        #expect(root["cpu"]?["model"]?.text == model)
        #expect(root["cpu"]?["topology"]?.attributes == ["sockets": "2", "cores": "1", "threads": "1"])
        #expect(root["cpu"]?["feature"]?.attributes == ["policy": "disable", "name": "mpx"])
    }
}
