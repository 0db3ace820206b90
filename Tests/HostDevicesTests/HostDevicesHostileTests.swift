import HostModel
import Placement
import TestSupport
import Testing

@testable import HostDevices

/// Trees that no kernel makes: what reads them says less, and ends.
@Suite struct HostDevicesHostileTests {
    private static let device = "/sys/devices/pci0000:40/0000:41:00.0"
    private static let files = [
        "/proc/self/mountinfo", "/proc/swaps", "/proc/net/route", "/proc/net/if_inet6", "/sys/class/block/sda",
        "/sys/class/block/sda/dev", "/sys/class/net/eth0", "/sys/class/net/eth0/flags", "/sys/class/net/eth0/master",
        "/sys/bus/usb/devices/1-4/idVendor", "/sys/bus/usb/devices/1-4/busnum", "/sys/bus/usb/devices/1-4/devnum",
        "\(device)/driver", "\(device)/iommu_group", "\(device)/physfn", "\(device)/virtfn0",
        "\(device)/virtfn99999999",
        "\(device)/sriov_totalvfs", "\(device)/config", "\(device)/reset_method", "\(device)/reset",
        "\(device)/boot_vga", "/sys/bus/mdev/devices/\(Rig.uuid)/mdev_type", "/var/lib/kubelet/cpu_manager_state",
        "/var/lib/kubelet/device-plugins/kubelet_internal_checkpoint", "/dev/vfio/14",
    ]
    private static let texts = [
        "", "0", "-1", "99999999999999999999", "0x10de", "../../../../nowhere", "\u{0}\u{1}\u{FFFD}", "a b - c",
        "- - - -",
        "1 2 8:0 / / rw -", "{\"policyName\":1}", "{\"Data\":{}}", "1-4", "../0000:41:00.0", "é 🦊", "(null)",
    ]

    @Test("random files and links in place of facts end nothing, and no error of them is without a word")
    func garbage() async throws {
        var random = SeededRandom(seed: 11)
        let permitted = PermittedDevices(
            pciHostDevices: [PermittedPCIDevice(pciVendorSelector: "10DE:2331", resourceName: "a/b")],
            mediatedDevices: [PermittedMediatedDevice(mdevNameSelector: "x", resourceName: "c/d")],
            usb: [
                PermittedUSBDevice(resourceName: "e/f", selectors: [USBDeviceSelector(vendor: "0000", product: "0000")])
            ])
        for _ in 0..<60 {
            let folder = try HostFolder()
            try folder.link("/sys/bus/pci/devices/0000:41:00.0", to: "../../../devices/pci0000:40/0000:41:00.0")
            try folder.write("\(Self.device)/vendor", "0x10de")
            try folder.write("\(Self.device)/device", "0x2331")
            for file in Self.files.shuffled(using: &random) where Int.random(in: 0..<3, using: &random) > 0 {
                let text = try #require(Self.texts.randomElement(using: &random))
                // Where a file is in the way of a folder, or a link leads nowhere, the one that came first stays.
                if Bool.random(using: &random), !text.isEmpty, !text.contains("\u{0}") {
                    try? folder.link(file, to: text)
                } else {
                    try? folder.write(file, text)
                }
            }
            let host = folder.host
            let facts = HostDeviceFacts(probing: folder.root, host: host)
            let inventory = DeviceInventory(host, facts, permitted: permitted)
            #expect(inventory.unavailable.allSatisfy { !$0.description.isEmpty })
            let kubelet = KubeletFacts(probing: folder.root, configuration: ["reservedSystemCPUs": "x"])
            #expect(KubeletNeighbour(kubelet, grant: Grant()).findings(on: host).isEmpty)
            let keeper = DeviceKeeper(folder.root, FakeKernel(folder))
            let wish = VMDevices(uid: "a", name: "default/a", devices: [.pci("0000:41:00.0"), .mdev(Rig.uuid)])
            do throws(DeviceError) {
                let hold = try keeper.plan(wish, on: host, besides: [])
                let returned = await keeper.giveBack(hold)
                #expect(returned.problems.allSatisfy { !$0.description.isEmpty })
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("the running host is read, whatever it is")
    func runningHost() {
        let host = Host(probing: HostRoot())
        let facts = HostDeviceFacts(probing: HostRoot(), host: host)
        let all = host.pciDevices.map { PermittedPCIDevice(pciVendorSelector: $0.selector, resourceName: "a/b") }
        let inventory = DeviceInventory(host, facts, permitted: PermittedDevices(pciHostDevices: all))
        let told = (inventory.devices["a/b"] ?? []).map(\.description) + inventory.unavailable.map(\.device)
        #expect(Set(told) == Set(host.pciDevices.map(\.address)))
    }
}
