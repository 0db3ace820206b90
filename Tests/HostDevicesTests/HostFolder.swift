import FoundationEssentials
import Glibc
import HostModel
import SystemPackage

/// A host's root in a folder of its own, that is removed with its last reference.
final class HostFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/HostDevicesTests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path.string)
        } catch {
            // It lies in /tmp.
        }
    }

    var root: HostRoot { HostRoot(path) }
    var host: Host { Host(probing: root) }

    func write(_ file: String, _ text: String) throws { try write(file, bytes: Array(text.utf8)) }

    func write(_ file: String, bytes: [UInt8]) throws {
        try inFolder(of: file) { path in
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            return Glibc.write(descriptor, bytes, bytes.count) == bytes.count
        }
    }

    func link(_ file: String, to destination: String) throws {
        try inFolder(of: file) { symlink(destination, $0) == 0 }
    }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: "\(path.string)\(file)") }

    func exists(_ file: String) -> Bool { root.exists(file) }

    /// Makes the folder only where it is missing: that takes longer than all else.
    private func inFolder(of file: String, _ action: (String) -> Bool) throws {
        let target = "\(path.string)\(file)"
        if action(target) { return }
        guard errno == ENOENT else { throw Errno(rawValue: errno) }
        let folder = target[..<(target.lastIndex(of: "/") ?? target.endIndex)]
        try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        guard action(target) else { throw Errno(rawValue: errno) }
    }
}

extension HostFolder {
    /// A function below `pci0000:40` with what the kernel gives each, on a driver that is then loaded.
    func device(
        _ address: String, _ selector: String = "10de:2331", classCode: String = "0x030200", driver: String? = nil,
        group: Int? = nil, files: [String: String] = [:]
    ) throws {
        let folder = "/sys/devices/pci0000:40/\(address)"
        let ids = selector.split(separator: ":").map(String.init)
        var files = files
        files["vendor"] = "0x\(ids[0])"
        files["device"] = "0x\(ids[1])"
        files["class"] = classCode
        files["driver_override"] = "(null)"
        for (name, text) in files { try write("\(folder)/\(name)", "\(text)\n") }
        let vendor = UInt16(ids[0], radix: 16) ?? 0
        try write("\(folder)/config", bytes: [UInt8(vendor & 0xFF), UInt8(vendor >> 8), 0, 0])
        if let driver {
            try load(driver)
            try link("\(folder)/driver", to: "../../../bus/pci/drivers/\(driver)")
        }
        if let group { try link("\(folder)/iommu_group", to: "../../../kernel/iommu_groups/\(group)") }
        try link("/sys/bus/pci/devices/\(address)", to: "../../../devices/pci0000:40/\(address)")
    }

    /// A driver with its files.
    func load(_ driver: String) throws {
        for file in ["bind", "unbind"] { try write("/sys/bus/pci/drivers/\(driver)/\(file)", "") }
        if !exists("/sys/bus/pci/drivers_probe") { try write("/sys/bus/pci/drivers_probe", "") }
    }

    func driver(of address: String) -> String? { root.linkName("/sys/bus/pci/devices/\(address)/driver") }
    func group(of address: String) -> String? { root.linkName("/sys/bus/pci/devices/\(address)/iommu_group") }
    func override(of address: String) -> String? { root.text("/sys/bus/pci/devices/\(address)/driver_override") }
}
