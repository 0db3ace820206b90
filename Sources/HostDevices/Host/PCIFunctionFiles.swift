import HostModel
import Placement
import SystemPackage

/// The files of one PCI function in sysfs, read when asked. Its address was checked: nothing else becomes a path.
struct PCIFunctionFiles: Sendable {
    static let bus = "/sys/bus/pci"

    let address: String
    private let root: HostRoot

    init(_ address: String, _ root: HostRoot) throws(DeviceError) {
        guard case .pci(let checked) = try? GrantedDevice(address) else { throw .notAPCIAddress(address) }
        self.address = checked
        self.root = root
    }

    var folder: String { "\(Self.bus)/devices/\(address)" }
    var isPresent: Bool { root.isFolder(folder) }

    /// The driver that it is bound to.
    var driver: String? { root.linkName("\(folder)/driver").flatMap { SysfsName($0)?.text } }

    /// `nil` where none is set: the kernel then writes `(null)`.
    var driverOverride: String? {
        root.text("\(folder)/driver_override").flatMap { $0 == "(null)" ? nil : SysfsName($0)?.text }
    }

    var iommuGroup: Int? {
        root.linkName("\(folder)/iommu_group").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    func requirePresent() throws(DeviceError) {
        guard isPresent else { throw .deviceVanished(address: address, .unplugged) }
    }

    /// The vendor id as the device itself answers now; the file `vendor` is what it said when it was found. A device
    /// that does not answer reads as 0xffff, and a virtual function always does: its physical one is asked for it.
    /// `nil` where there is no configuration space to read.
    var answeredVendor: UInt16? {
        let physical = root.exists("\(folder)/physfn") ? "\(folder)/physfn" : folder
        var bytes: [UInt8] = [0, 0]
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(root.file("\(physical)/config")), .readOnly, options: [.closeOnExec])
            let count = try descriptor.closeAfter { try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) } }
            return count == 2 ? UInt16(bytes[0]) | UInt16(bytes[1]) << 8 : nil
        } catch {
            return nil
        }
    }
}

/// One component of a path in sysfs, as the kernel makes them: printable ASCII, no slash, neither `.` nor `..`.
struct SysfsName: Sendable, Hashable {
    let text: String

    init?(_ text: String) {
        guard (1...255).contains(text.utf8.count), text != ".", text != "..", text.first != " ", text.last != " ",
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "/") })
        else { return nil }
        self.text = text
    }
}

extension HostRoot {
    /// `path` of the host, which begins with a slash, as a path of this process.
    func file(_ path: String) -> String { isRunningHost ? path : "\(self.path.string)\(path)" }
}

/// With zeros in front up to so many digits.
func padded(_ number: some FixedWidthInteger, digits: Int, radix: Int = 10) -> String {
    let text = String(number, radix: radix)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
