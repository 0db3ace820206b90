import HostModel
import Placement
import Testing

@testable import HostDevices

@Suite struct DeviceKeeperTests {
    @Test("a plan says what each device was, and whose its node")
    func plan() throws {
        let hold = try Rig().plan()
        #expect(hold.bindings.map(\.previousDriver) == ["nvidia", "snd_hda_intel", nil, "vfio-pci", "mlx5_core"])
        #expect(hold.nodes.map(\.node.path) == ["/dev/vfio/14", "/dev/vfio/15", "/dev/vfio/16", "/dev/vfio/18"])
        #expect(hold.bootID == Rig.bootID && !hold.isEmpty)
    }

    @Test("two VMs cannot both have a device: the second is told who has it")
    func held() throws {
        let rig = try Rig()
        let other = DeviceHold(
            uid: "b", name: "default/db", bootID: Rig.bootID,
            bindings: [DeviceBinding(address: "0000:42:00.0", previousDriver: nil)])
        let error = #expect(throws: DeviceError.self) {
            try rig.keeper.plan(Rig.request(), on: rig.folder.host, besides: [other])
        }
        #expect(error?.description == "device 0000:42:00.0 belongs to default/db: stop that VM first")
        let again = #expect(throws: DeviceError.self) {
            try rig.keeper.plan(Rig.request(uid: "b"), on: rig.folder.host, besides: [other])
        }
        #expect(again?.description == "default/db holds devices of an earlier start: give those back first")
    }

    @Test("half a group is refused before anything is changed")
    func half() async throws {
        let rig = try Rig()
        let wish = VMDevices(uid: "a", name: "default/a", devices: [.pci("0000:41:00.0")])
        #expect(throws: DeviceError.self) { try rig.keeper.plan(wish, on: rig.folder.host, besides: []) }
        #expect(await rig.kernel.log == [])
    }

    @Test("a mediated device that is there already, or a function of somebody else, is not the VM's to change")
    func strangers() async throws {
        let rig = try Rig()
        let made = MediatedRequest(uuid: Rig.uuid, type: "nvidia-63", parent: "0000:45:00.0")
        try await MediatedDevices(rig.folder.root, rig.kernel).create(made)
        var wish = VMDevices(uid: "a", name: "default/a", devices: [], mediated: [made])
        #expect(throws: DeviceError.mediatedDeviceExists(uuid: Rig.uuid, type: "nvidia-63", wanted: made)) {
            try rig.keeper.plan(wish, on: rig.folder.host, besides: [])
        }
        wish.mediated = []
        wish.virtualFunctions = [try VirtualFunctionSetting(address: "0000:44:00.1", vlan: 7)]
        #expect(throws: DeviceError.notRequested(address: "0000:44:00.1", name: "default/a")) {
            try rig.keeper.plan(wish, on: rig.folder.host, besides: [])
        }
    }

    @Test("a USB device is held by its node alone")
    func usb() async throws {
        let rig = try Rig()
        try rig.folder.write("/dev/bus/usb/001/004", "")
        let wish = VMDevices(uid: "a", name: "default/a", devices: [.usb(bus: 1, device: 4)])
        let hold = try rig.keeper.plan(wish, on: rig.folder.host, besides: [])
        #expect(hold.nodes.map(\.node.path) == ["/dev/bus/usb/001/004"])
        #expect([hold].holder(of: .usb(bus: 1, device: 4))?.uid == "a")
        try await rig.keeper.take(hold, for: Rig.owner)
        #expect(await rig.keeper.giveBack(hold).left.isEmpty)
    }

    @Test("a node that is missing is told")
    func node() async throws {
        let rig = try Rig()
        let wish = VMDevices(uid: "a", name: "default/a", devices: [.usb(bus: 1, device: 4)])
        let hold = try rig.keeper.plan(wish, on: rig.folder.host, besides: [])
        await #expect(throws: DeviceError.nodeMissing(path: "/dev/bus/usb/001/004")) {
            try await rig.keeper.take(hold, for: Rig.owner)
        }
    }

    @Test("memory to lock is the guest's and a GiB more, for each device behind a virtual IOMMU")
    func lockedMemory() {
        let guest: UInt64 = 16 << 30
        #expect(LockedMemory.bytes(guestMemory: guest, vfioDevices: 0) == 0)
        #expect(LockedMemory.bytes(guestMemory: guest, vfioDevices: 3) == 17 << 30)
        #expect(LockedMemory.bytes(guestMemory: guest, vfioDevices: 3, hasVirtualIOMMU: true) == 49 << 30)
        #expect(LockedMemory.bytes(guestMemory: .max, vfioDevices: 1) == .max)
    }
}
