import HostModel
import Testing

@testable import HostDevices

@Suite struct HostDeviceFactsTests {
    private static func facts(_ folder: HostFolder) -> HostDeviceFacts {
        HostDeviceFacts(probing: folder.root, host: folder.host)
    }

    private static func disk(_ folder: HostFolder, _ name: String, at place: String, number: String) throws {
        try folder.write("/sys/devices/\(place)/\(name)/dev", "\(number)\n")
        try folder.link("/sys/class/block/\(name)", to: "../../devices/\(place)/\(name)")
    }

    @Test("the controller of a mounted disk is in use, by number or by name")
    func mounted() throws {
        let folder = try HostFolder()
        for address in ["0000:01:00.0", "0000:02:00.0", "0000:03:00.0", "0000:04:00.0"] {
            try folder.device(address, driver: "nvme")
        }
        let root = "pci0000:40"
        try Self.disk(folder, "sda1", at: "\(root)/0000:01:00.0/ata1/block/sda", number: "8:1")
        try Self.disk(folder, "nvme1n1", at: "\(root)/0000:02:00.0/nvme/nvme1", number: "259:1")
        try Self.disk(folder, "nvme2n1", at: "\(root)/0000:03:00.0/nvme/nvme2", number: "259:2")
        try folder.write("/sys/devices/\(root)/0000:03:00.0/nvme/nvme2/nvme2n1/holders/dm-0/dev", "253:0")
        try Self.disk(folder, "nvme3n1", at: "\(root)/0000:04:00.0/nvme/nvme3", number: "259:3")
        try folder.write(
            "/proc/self/mountinfo",
            """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw
            23 22 0:31 /@home /home rw shared:2 - btrfs /dev/nvme1n1 rw
            24 22 garbage
            """)
        #expect(
            Self.facts(folder).uses == [
                "0000:01:00.0": [.mounted(disk: "sda1", at: "/")],
                "0000:02:00.0": [.mounted(disk: "nvme1n1", at: "/home")],
                "0000:03:00.0": [.disk("nvme2n1", heldBy: "dm-0")],
            ])
    }

    @Test("swap counts, a disk on USB is its device's too, and all paths of a shared NVMe disk are in use")
    func swapAndPaths() throws {
        let folder = try HostFolder()
        for address in ["0000:01:00.0", "0000:02:00.0"] { try folder.device(address, driver: "nvme") }
        try folder.device("0000:05:00.0", classCode: "0x0c0330", driver: "xhci_hcd")
        let subsystem = "virtual/nvme-subsystem/nvme-subsys0"
        try Self.disk(folder, "nvme0n1", at: subsystem, number: "259:0")
        for (name, address) in [("nvme0", "0000:01:00.0"), ("nvme1", "0000:02:00.0")] {
            try folder.link(
                "/sys/devices/\(subsystem)/\(name)", to: "../../../pci0000:40/\(address)/nvme/\(name)")
        }
        try Self.disk(
            folder, "sdb1", at: "pci0000:40/0000:05:00.0/usb1/1-4/1-4.2/1-4.2:1.0/host6/block/sdb", number: "8:17")
        try folder.write("/proc/self/mountinfo", "22 1 259:0 / /data rw - xfs /dev/nvme0n1 rw\n")
        try folder.write("/proc/swaps", "Filename Type Size Used Priority\n/dev/sdb1 partition 1 0 -2\n")
        let uses = Self.facts(folder).uses
        #expect(
            uses["0000:01:00.0"] == [.mounted(disk: "nvme0n1", at: "/data")] && uses["0000:02:00.0"]?.count == 1)
        #expect(uses["0000:05:00.0"] == [.swap(disk: "sdb1")] && uses["1-4.2"] == [.swap(disk: "sdb1")])
    }

    @Test("an interface with routes, with a global address or in a bridge is in use; one that is up alone is not")
    func interfaces() throws {
        let folder = try HostFolder()
        for (index, flags) in ["0x1003", "0x1003", "0x1003", "0x1002", "0x1003"].enumerated() {
            let address = "0000:2\(index):00.0"
            try folder.device(address, classCode: "0x020000", driver: "mlx5_core")
            let place = "devices/pci0000:40/\(address)/net/eth\(index)"
            try folder.write("/sys/\(place)/flags", "\(flags)\n")
            try folder.link("/sys/class/net/eth\(index)", to: "../../\(place)")
        }
        try folder.write("/proc/net/route", "Iface\tDestination\neth0\t00000000\neth3\t00000000\n")
        try folder.write(
            "/proc/net/if_inet6",
            """
            fe800000000000000000000000000001 02 40 20 80     eth4
            20010db8000000000000000000000001 03 40 00 80     eth1
            """)
        try folder.link("/sys/devices/pci0000:40/0000:22:00.0/net/eth2/master", to: "../../../../virtual/net/br0")
        #expect(
            Self.facts(folder).uses == [
                "0000:20:00.0": [.interface("eth0", .addresses)], "0000:21:00.0": [.interface("eth1", .addresses)],
                "0000:22:00.0": [.interface("eth2", .partOf("br0"))],
            ])
    }

    @Test("the boot display is the host's while a driver draws on it")
    func display() throws {
        let folder = try HostFolder()
        try folder.device("0000:01:00.0", driver: "i915", files: ["boot_vga": "1"])
        try folder.device("0000:02:00.0", driver: "nvidia", files: ["boot_vga": "0"])
        try folder.device("0000:03:00.0", driver: "vfio-pci", files: ["boot_vga": "1"])
        #expect(Self.facts(folder).uses == ["0000:01:00.0": [.bootDisplay(driver: "i915")]])
    }

    @Test("the display of the kernel's console is the host's while the console is bound to it")
    func console() throws {
        let folder = try HostFolder()
        try folder.device("0000:01:00.0", driver: "bochs-drm")
        try folder.device("0000:02:00.0", driver: "bochs-drm")
        try folder.link("/sys/class/graphics/fb0/device", to: "../../../0000:02:00.0")
        try folder.write("/sys/class/vtconsole/vtcon0/name", "(S) dummy device\n")
        try folder.write("/sys/class/vtconsole/vtcon0/bind", "1\n")
        try folder.write("/sys/class/vtconsole/vtcon1/name", "(M) frame buffer device\n")
        try folder.write("/sys/class/vtconsole/vtcon1/bind", "1\n")
        #expect(
            Self.facts(folder).uses == ["0000:02:00.0": [.console(switch: "/sys/class/vtconsole/vtcon1/bind")]])
        try folder.write("/sys/class/vtconsole/vtcon1/bind", "0\n")
        #expect(Self.facts(folder).uses == [:])
    }

    @Test("vfio-pci is there if it is loaded or among the kernel's modules")
    func vfio() throws {
        let folder = try HostFolder()
        try folder.write("/proc/sys/kernel/osrelease", "6.1.0\n")
        #expect(!Self.facts(folder).hasVFIO)
        try folder.write("/lib/modules/6.1.0/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko.xz: a.ko\n")
        #expect(Self.facts(folder).hasVFIO)
        let other = try HostFolder()
        try other.load("vfio-pci")
        #expect(Self.facts(other).hasVFIO)
    }

    @Test("USB devices are read, without hubs, root hubs, interfaces and what is no device")
    func usb() throws {
        let folder = try HostFolder()
        func device(_ port: String, _ files: [String: String]) throws {
            for (name, text) in files { try folder.write("/sys/bus/usb/devices/\(port)/\(name)", "\(text)\n") }
        }
        let stick = ["busnum": "1", "devnum": "5", "idVendor": "46f4", "idProduct": "0001", "bDeviceClass": "00"]
        try device("1-4.2", stick.merging(["serial": "A1"]) { $1 })
        try device("1-4", stick.merging(["bDeviceClass": "09"]) { $1 })
        try device("1-4.2:1.0", stick)
        try device("usb1", stick)
        try device("1-5", stick.merging(["devnum": "200"]) { $1 })
        try device("1-6", stick.merging(["idVendor": "zz"]) { $1 })
        #expect(
            USBDevice.probe(folder.root) == [
                USBDevice(port: "1-4.2", bus: 1, device: 5, vendor: 0x46F4, product: 1, serial: "A1")
            ])
    }
}
