import Libvirt
import Testing

@Suite struct DomainStatisticsTests {
    @Test("libvirt's flat names become values, and what is not told stays absent")
    func parameters() {
        let statistics = DomainStatistics(
            domain: "n_a", uuid: "u",
            parameters: [
                "state.state": .signed(1), "state.reason": .signed(1), "cpu.time": .unsigned(9_000),
                "cpu.user": .unsigned(4_000), "balloon.current": .unsigned(65_536), "balloon.rss": .unsigned(70_000),
                "balloon.last-update": .unsigned(0), "vcpu.current": .unsigned(2), "vcpu.maximum": .unsigned(4),
                "vcpu.0.state": .signed(1), "vcpu.0.time": .unsigned(7), "vcpu.0.wait": .unsigned(0),
                "vcpu.0.halted": .bool(true), "vcpu.3.state": .signed(2), "vcpu.3.delay": .unsigned(5),
                "block.count": .unsigned(2), "block.0.name": .text("vda"), "block.0.path": .text("/x"),
                "block.0.rd.bytes": .unsigned(11), "block.0.wr.times": .unsigned(12), "block.1.name": .text("sda"),
                "net.count": .unsigned(1), "net.0.name": .text("tap0"), "net.0.rx.bytes": .unsigned(21),
                "net.0.tx.drop": .unsigned(22),
            ])
        #expect(statistics.state == .running)
        #expect(statistics.cpu == .init(time: 9_000, user: 4_000))
        #expect(statistics.memory.current == 65_536 && statistics.memory.resident == 70_000)
        #expect(statistics.memory.unused == nil)
        #expect(statistics.vcpus.map(\.index) == [0, 3], "numbers of CPUs that were taken out are skipped")
        #expect(statistics.vcpus.map(\.state) == [.running, .blocked])
        #expect(statistics.vcpus.last?.delay == 5)
        #expect(statistics.drives.map(\.name) == ["vda", "sda"])
        #expect(statistics.drives.first?.readBytes == 11 && statistics.drives.first?.writeTime == 12)
        #expect(statistics.drives.last?.readBytes == nil)
        #expect(statistics.interfaces.first?.receivedBytes == 21 && statistics.interfaces.first?.sendDrops == 22)
    }

    @Test("a count that no domain has does not make the reader work for it")
    func bounds() {
        let statistics = DomainStatistics(
            domain: "a", uuid: "u", parameters: ["block.count": .unsigned(.max), "vcpu.maximum": .signed(-1)])
        #expect(statistics.drives.isEmpty && statistics.vcpus.isEmpty)
    }

    @Test("a guest's lists are read with their parts, and bounded")
    func guestLists() {
        let info = GuestInfo(parameters: [
            "fs.count": "1", "fs.0.mountpoint": "/", "fs.0.name": "vda1", "fs.0.fstype": "ext4",
            "fs.0.total-bytes": "100", "fs.0.used-bytes": "40", "fs.0.disk.count": "1", "fs.0.disk.0.alias": "vda",
            "user.count": "1", "user.0.name": "root", "user.0.login-time": "1700000000000", "if.count": "1",
            "if.0.name": "eth0", "if.0.hwaddr": "02:00:00:00:00:01", "if.0.addr.count": "2",
            "if.0.addr.0.addr": "10.0.2.2", "if.0.addr.1.addr": "fe80::1", "timezone.name": "CET",
            "timezone.offset": "3600",
        ])
        #expect(
            info.filesystems == [
                GuestFilesystem(
                    mountpoint: "/", name: "vda1", type: "ext4", totalBytes: 100, usedBytes: 40, disks: ["vda"])
            ])
        #expect(info.users == [GuestUser(name: "root", loginTime: 1_700_000_000_000)])
        #expect(info.interfaces.first?.addresses == ["10.0.2.2", "fe80::1"])
        #expect(info.timezone?.offset == 3600)
        #expect(GuestInfo(parameters: ["fs.count": "99999999999999"]).filesystems.count == 1024)
        #expect(GuestInfo(parameters: ["fs.count": "-3"]).filesystems.isEmpty)
    }
}
