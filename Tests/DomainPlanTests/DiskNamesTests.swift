import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct DiskNamesTests {
    private func disk(_ name: String, _ bus: DiskBus) -> Disk {
        var disk = Disk()
        disk.name = name
        disk.disk = DiskTarget()
        disk.disk?.bus = bus
        return disk
    }

    private func status(_ name: String, _ target: String) -> VolumeStatus {
        var status = VolumeStatus()
        status.name = name
        status.target = target
        return status
    }

    @Test(
        "disks are counted as the kernel counts them, there and back",
        arguments: [
            (0, "a"), (1, "b"), (25, "z"), (26, "aa"), (27, "ab"), (51, "az"), (52, "ba"), (701, "zz"), (702, "aaa"),
            (18277, "zzz"), (18278, "aaaa"),
        ])
    func letters(index: Int, letters: String) {
        #expect(DiskNames.letters(index) == letters)
        #expect(DiskNames.index(of: letters[...]) == index)
    }

    @Test("what is no name has no place", arguments: ["", "A", "a1", "é", "aaaaa"])
    func noName(letters: String) { #expect(DiskNames.index(of: letters[...]) == nil) }

    @Test("virtio disks are vda, vdb and so on, and all others share sda, sdb and so on")
    func names() {
        var names = DiskNames()
        let buses: [DiskBus] = [.virtio, .sata, .scsi, .virtio, .usb]
        #expect(buses.map { names.next(for: disk("a", $0)).name } == ["vda", "sda", "sdb", "vdb", "sdc"])
        let many = (0..<28).map { _ in names.next(for: disk("a", .virtio)).name }
        #expect(many.last == "vdad" && many.contains("vdz") && many.contains("vdaa"))
    }

    @Test("a disk keeps the name that its status holds, and the others have those that are free")
    func kept() {
        var names = DiskNames(kept: [status("second", "vda"), status("third", "sdb"), status("other", "")])
        let given = [
            disk("first", .virtio), disk("second", .virtio), disk("other", .virtio), disk("fourth", .sata),
            disk("third", .scsi), disk("fifth", .sata),
        ].map { names.next(for: $0) }
        #expect(given.map(\.name) == ["vdb", "vda", "vdc", "sda", "sdb", "sdc"])
        #expect(given.map(\.unit) == [1, 0, 2, 0, 1, 2])
    }

    @Test("a name of another bus, or none that libvirt knows, is not kept", arguments: ["sda", "vd", "vd1", "hda"])
    func notKept(target: String) {
        var names = DiskNames(kept: [status("root", target)])
        #expect(names.next(for: disk("root", .virtio)).name == "vda")
    }
}
