import DomainModel
import Testing

@testable import NodeAgent

@Suite struct LiveDomainTests {
    @Test("machine, memory, disks and interfaces are read from libvirt's document")
    func reads() throws {
        let live = try LiveDomain(
            """
            <domain type='kvm' id='1'>
              <memory unit='KiB'>65536</memory>
              <cputune><vcpupin vcpu='0' cpuset='4'/><vcpupin vcpu='1' cpuset='0-3,8'/></cputune>
              <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
              <devices>
                <disk type='file'><target dev='vda' bus='virtio'/><alias name='ua-root'/></disk>
                <disk type='file'><target dev='sda' bus='sata'/><alias name='sata0-0-0'/></disk>
                <disk type='file'><alias name='ua-lost'/></disk>
                <interface type='user'><mac address='02:00:00:00:00:01'/><alias name='ua-default'/></interface>
                <interface type='ethernet'><mac address='02:00:00:00:00:02'/><target dev='tap0'/><link state='down'/><alias name='ua-second'/></interface>
                <interface type='user'><mac address='02:00:00:00:00:03'/><alias name='net2'/></interface>
              </devices>
            </domain>
            """)
        #expect(live.machine == "pc-q35-7.2")
        #expect(live.memoryBytes == 64 << 20)
        #expect(live.cpuAffinities == 6)
        #expect(live.targets == ["root": "vda"])
        #expect(
            live.interfaces == [
                .init(name: "default", mac: "02:00:00:00:00:01", linkState: "up"),
                .init(name: "second", mac: "02:00:00:00:00:02", linkState: "down", device: "tap0"),
            ])
    }

    @Test("a document that says nothing gives nothing, and a broken one is refused")
    func empty() throws {
        let live = try LiveDomain("<domain/>")
        #expect(
            live.machine == "" && live.memoryBytes == 0 && live.cpuAffinities == nil && live.targets.isEmpty
                && live.interfaces.isEmpty)
        #expect(throws: XMLError.self) { try LiveDomain("<domain>") }
    }
}
