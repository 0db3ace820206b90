import Glibc
import HostModel
import SystemPackage

@testable import HostDevices

/// Plays the kernel on a tree of files: it answers writes as `drivers/pci/pci-driver.c`, `drivers/base/bus.c` and the
/// mediated device core do, by moving links and files.
///
/// After ``stop(at:)`` it plays a process that has died: that change and all later ones throw without effect.
actor FakeKernel: HostControl {
    let folder: HostFolder
    /// The driver that probes a device where no override says otherwise.
    let native: [String: String]
    var stopsAt: Int?
    /// Changes that fail without effect, by their number.
    var failing: Set<Int> = []
    var refusingReset: Set<String> = []
    /// Devices that no driver takes.
    var refusingProbe: Set<String> = []
    private(set) var log: [String] = []
    /// MAC and VLAN by `INTERFACE vf N`, zeros left out.
    private(set) var functionSettings: [String: [String]] = [:]

    init(_ folder: HostFolder, native: [String: String] = [:], stopsAt: Int? = nil) {
        self.folder = folder
        self.native = native
        self.stopsAt = stopsAt
    }

    func set(failing: Set<Int> = [], refusingReset: Set<String> = [], refusingProbe: Set<String> = []) {
        self.failing = failing
        self.refusingProbe = refusingProbe
        self.refusingReset = refusingReset
    }

    /// The same host for the next process.
    func survives() { stopsAt = nil }

    func stop(at step: Int) { stopsAt = log.count + step }

    func write(_ text: String, to path: String) async throws(DeviceError) {
        try perform("\(text.trimmed) > \(path)", path, text) { try self.write(text.trimmed, at: path) }
    }

    func changeOwner(of path: String, to owner: FileOwner) async throws(DeviceError) {
        try perform("chown \(owner) \(path)", path, "\(owner)") {
            let file = "\(self.folder.path)\(path)"
            guard lchown(file, owner.uid, owner.gid) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    func run(_ program: String, _ arguments: [String]) async throws(DeviceError) {
        try perform("\(program) \(arguments.joined(separator: " "))", program, "") {
            switch (program, arguments.first) {
            case ("modprobe", "vfio-pci"): try self.folder.load("vfio-pci")
            case ("ip", "link"): self.setFunction(arguments)
            default: throw Errno.noSuchFileOrDirectory
            }
        }
    }

    private func perform(
        _ entry: String, _ path: String, _ text: String, _ effect: () throws -> Void
    ) throws(DeviceError) {
        let number = log.count
        log.append(entry)
        let isDead = stopsAt.map { number >= $0 } ?? false
        do {
            if isDead || failing.contains(number) { throw Errno.ioError }
            try effect()
        } catch {
            throw .writeFailed(path: path, text: text, error as? Errno ?? .ioError)
        }
    }

    private func setFunction(_ words: [String]) {
        // link set dev IF vf N mac M vlan V
        let key = "\(words[3]) vf \(words[5])"
        var values = functionSettings[key] ?? []
        for index in stride(from: 6, to: words.count - 1, by: 2) {
            values.removeAll { $0.hasPrefix(words[index]) }
            if !["00:00:00:00:00:00", "0"].contains(words[index + 1]) {
                values.append("\(words[index]) \(words[index + 1])")
            }
        }
        functionSettings[key] = values.isEmpty ? nil : values
    }

    private func write(_ text: String, at path: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.dropFirst(3).first, parts.last ?? "") {
        case ("drivers_probe", _): try probe(text)
        case ("drivers", "bind"): try bind(text, to: parts[4])
        case ("drivers", "unbind"): try unbind(text, from: parts[4])
        case ("devices", "driver_override"): try folder.write(path, text.isEmpty ? "(null)\n" : "\(text)\n")
        case ("devices", "reset"):
            if refusingReset.contains(parts[4]) { throw Errno(rawValue: ENOTTY) }
        case ("devices", "create"): try make(text, parent: parts[4], type: parts[6])
        case ("devices", "remove"): try removeMediated(parts[4])
        case ("devices", "sriov_numvfs"): try folder.write(path, text)
        default: throw Errno.permissionDenied
        }
    }

    private func place(_ address: String) -> String { "/sys/devices/pci0000:40/\(address)" }

    private func probe(_ address: String) throws {
        guard folder.exists(place(address)) else { throw Errno(rawValue: ENODEV) }
        guard folder.driver(of: address) == nil, let driver = allowed(address), !refusingProbe.contains(address),
            folder.exists("/sys/bus/pci/drivers/\(driver)")
        else { return }
        try attach(address, driver)
    }

    private func bind(_ address: String, to driver: String) throws {
        guard folder.driver(of: address) == nil, allowed(address) == driver else { throw Errno(rawValue: ENODEV) }
        try attach(address, driver)
    }

    private func allowed(_ address: String) -> String? {
        let override = folder.override(of: address)
        return override == "(null)" || override == nil ? native[address] : override
    }

    private func attach(_ address: String, _ driver: String) throws {
        try folder.link("\(place(address))/driver", to: "../../../bus/pci/drivers/\(driver)")
        guard driver == "vfio-pci", let group = folder.group(of: address) else { return }
        let node = "/dev/vfio/\(group)"
        if !folder.exists(node) { try folder.write(node, "") }
    }

    private func unbind(_ address: String, from driver: String) throws {
        guard folder.driver(of: address) == driver else { throw Errno(rawValue: ENODEV) }
        try folder.remove("\(place(address))/driver")
        guard driver == "vfio-pci", let group = folder.group(of: address) else { return }
        let others = folder.root.names(in: "/sys/bus/pci/devices").contains {
            folder.driver(of: $0) == driver && folder.group(of: $0) == group
        }
        if !others, folder.exists("/dev/vfio/\(group)") { try folder.remove("/dev/vfio/\(group)") }
    }

    private func make(_ uuid: String, parent: String, type: String) throws {
        let file = "\(place(parent))/mdev_supported_types/\(type)/available_instances"
        let left: Int = folder.root.integer(file) ?? 0
        guard left > 0, !folder.exists("/sys/bus/mdev/devices/\(uuid)") else { throw Errno(rawValue: ENOSPC) }
        try folder.write(file, "\(left - 1)")
        try folder.link("\(place(parent))/\(uuid)/mdev_type", to: "../mdev_supported_types/\(type)")
        try folder.link("\(place(parent))/\(uuid)/iommu_group", to: "../../../../kernel/iommu_groups/77")
        try folder.write("/dev/vfio/77", "")
        try folder.link(
            "/sys/bus/mdev/devices/\(uuid)", to: "../../../devices/pci0000:40/\(parent)/\(uuid)")
    }

    private func removeMediated(_ uuid: String) throws {
        let device = "/sys/bus/mdev/devices/\(uuid)"
        guard let type = folder.root.linkName("\(device)/mdev_type"),
            let parent = folder.root.linkTarget(device)?.split(separator: "/").dropLast().last
        else { throw Errno(rawValue: ENODEV) }
        try folder.remove("\(place("\(parent)"))/\(uuid)")
        try folder.remove("/sys/bus/mdev/devices/\(uuid)")
        try folder.remove("/dev/vfio/77")
        let file = "\(place("\(parent)"))/mdev_supported_types/\(type)/available_instances"
        let left: Int = folder.root.integer(file) ?? 0
        try folder.write(file, "\(left + 1)")
    }
}
