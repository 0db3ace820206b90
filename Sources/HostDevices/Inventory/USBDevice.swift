package import HostModel
import Placement

/// A device on a USB bus of the host, hubs left out.
package struct USBDevice: Sendable, Hashable {
    /// The port that it hangs on: `1-4.2`.
    package var port: String
    /// From 1.
    package var bus: Int
    /// 1 to 127; another each time it is plugged in.
    package var device: Int
    package var vendor: UInt16
    package var product: UInt16
    package var serial: String?

    package init(port: String, bus: Int, device: Int, vendor: UInt16, product: UInt16, serial: String? = nil) {
        self.port = port
        self.bus = bus
        self.device = device
        self.vendor = vendor
        self.product = product
        self.serial = serial
    }
}

extension USBDevice {
    private static let folder = "/sys/bus/usb/devices"
    /// `bDeviceClass` of a hub.
    private static let hub: UInt16 = 0x09

    /// Ascending by bus and device.
    package static func probe(_ root: HostRoot) -> [USBDevice] {
        root.names(in: folder).filter(isPort).compactMap { port -> USBDevice? in
            let device = "\(folder)/\(port)"
            // Unlike PCI's, these ids have no 0x before them.
            func id(_ file: String) -> UInt16? { root.text("\(device)/\(file)").flatMap { UInt16($0, radix: 16) } }
            guard let vendor = id("idVendor"), let product = id("idProduct"), id("bDeviceClass") != hub,
                let bus: Int = root.integer("\(device)/busnum"), let number: Int = root.integer("\(device)/devnum"),
                (1...999).contains(bus), (1...127).contains(number)
            else { return nil }
            return USBDevice(
                port: port, bus: bus, device: number, vendor: vendor, product: product,
                serial: root.text("\(device)/serial").flatMap { SysfsName($0)?.text })
        }.sorted { ($0.bus, $0.device) < ($1.bus, $1.device) }
    }

    /// `1-4.2`; root hubs are `usb1`, interfaces of devices `1-4.2:1.0`.
    static func isPort(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, Int(parts[0]) != nil else { return false }
        return parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { UInt8($0) != nil }
    }
}
