import KubernetesModel

/// Changes that a domain's document does not show: it names a file or an interface of the host, and what lies in that
/// file, or behind that interface, comes from a field.
struct HiddenChanges {
    private let devices: [String: ExplainedElement]
    /// Whether the guest reads a medium of cloud-init's.
    private let hasCloudInit: Bool

    /// Changes of the devices that the newer domain shares with the older one: one that comes or goes is seen.
    init(_ domain: ExplainedElement, since older: ExplainedElement, _ instance: FieldTree?) {
        if case .array(let volumes)? = instance?["spec.volumes"]?.node.value {
            hasCloudInit = volumes.contains { $0["cloudInitNoCloud"] != nil || $0["cloudInitConfigDrive"] != nil }
        } else {
            hasCloudInit = false
        }
        let known = Set((older.child("devices")?.children ?? []).map(\.step))
        let devices = (domain.child("devices")?.children ?? []).filter { known.contains($0.step) }
        self.devices = Dictionary(devices.map { ($0.step, $0) }) { first, _ in first }
    }

    /// What a changed field does to the domain unseen; nil where it does nothing.
    func verdict(for field: FieldChange) -> DomainDiff.Verdict? {
        if field.steps == ["spec", "hostname"] || field.steps.starts(with: ["spec", "accessCredentials"]) {
            guard hasCloudInit else { return nil }
            return make("devices/disk", .restart, "cloud-init's medium is written when the VM starts")
        }
        guard field.steps.count > 2 else { return nil }
        let name = field.steps[2]
        switch field.steps[..<2] {
        case ["spec", "volumes"]:
            if let disk = devices["disk[\(name)]"] { return verdict(disk) }
            return devices["filesystem[\(name)]"].map {
                make($0.path, .restart, "the folder is shared when the VM starts; or unplug it, and plug it again")
            }
        case ["spec", "networks"]:
            let interface = devices["interface[\(name)]"] ?? devices["hostdev[sriov-\(name)]"]
            return interface.map {
                make($0.path, .restart, "it joins its network when it is made; or unplug it, and plug it again")
            }
        case ["spec", "domain"]:
            if field.steps.starts(with: ["spec", "domain", "devices", "interfaces"]), field.steps.count > 5 {
                return wiring(of: field.steps[4], field.steps[5])
            }
            guard field.steps.starts(with: ["spec", "domain", "firmware", "kernelBoot"]) else { return nil }
            return make("os/kernel", .restart, "the kernel is read when the VM starts")
        case ["metadata", "annotations"]:
            guard name == Annotation.ignition else { return nil }
            return make("qemu:commandline", .restart, "the firmware hands it over when the VM starts")
        default: return nil
        }
    }

    /// How an interface is wired to the host shows in no attribute of it.
    private func wiring(of interface: String, _ field: String) -> DomainDiff.Verdict? {
        let wires: Set = [
            "bridge", "masquerade", "binding", "macvtap", "passt", "passtBinding", "slirp", "ports", "portRanges",
            "dhcpOptions",
        ]
        guard wires.contains(field), let device = devices["interface[\(interface)]"] else { return nil }
        return make(device.path, .restart, "it is wired when it is made; or unplug it, and plug it again")
    }

    private func verdict(_ disk: ExplainedElement) -> DomainDiff.Verdict {
        disk.value("device") == "cdrom"
            ? make(disk.path, .live, "virDomainUpdateDeviceFlags: another medium")
            : make(disk.path, .restart, "the image is made ready when the VM starts")
    }

    private func make(_ path: String, _ result: ChangeClass, _ how: String) -> DomainDiff.Verdict {
        let names = path.split(separator: "/").map { String($0.prefix { $0 != "[" }) }
        return DomainDiff.Verdict(
            change: DomainChange(kind: .hidden, path: path, names: names), result: result, how: how)
    }
}
