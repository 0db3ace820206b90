import KubernetesModel

/// The names of devices, which become libvirt's aliases: no two devices of a domain have the same.
struct DeviceAliases {
    private struct Entry {
        let list: String
        let index: Int?
        let name: String
        /// What stands before the name in the alias.
        var prefix = ""

        var field: String { index.map { "\(list)[\($0)]" } ?? list }
    }

    private var entries: [Entry] = []

    init(_ devices: Devices) {
        entries += devices.disks.enumerated().map { Entry(list: "disks", index: $0, name: $1.name) }
        entries += devices.interfaces.enumerated().map {
            Entry(list: "interfaces", index: $0, name: $1.name, prefix: $1.sriov == nil ? "" : "sriov-")
        }
        entries += devices.gpus.enumerated().map { Entry(list: "gpus", index: $0, name: $1.name, prefix: "gpu-") }
        entries += devices.hostDevices.enumerated().map {
            Entry(list: "hostDevices", index: $0, name: $1.name, prefix: "hostdevice-")
        }
        entries += devices.inputs.enumerated().map { Entry(list: "inputs", index: $0, name: $1.name) }
        entries += devices.watchdog.map { [Entry(list: "watchdog", index: nil, name: $0.name)] } ?? []
        entries += devices.sound.map { [Entry(list: "sound", index: nil, name: $0.name)] } ?? []
    }

    static func isSound(_ name: String) -> Bool { name.utf8.count <= 63 && name.consists(of: \.isNameByte) }

    static func complaint(_ name: String) -> String {
        "\(name.quoted) is no name: write at most 63 letters, digits, - and _"
    }

    func validate(_ report: inout ValidationReport) {
        var first: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            if !Self.isSound(entry.name) { report.error("\(entry.field).name", Self.complaint(entry.name)) }
            let alias = entry.prefix + entry.name
            guard let twin = first[alias].map({ entries[$0] }) else {
                first[alias] = index
                continue
            }
            // Twins among disks and among interfaces are told where those are walked.
            guard twin.list != entry.list || !["disks", "interfaces"].contains(entry.list) else { continue }
            let path = "\(report.path).\(twin.field)"
            let message =
                twin.name == entry.name
                ? "is the name of \(path) too" : "gets the alias ua-\(alias), which \(path) has"
            report.error("\(entry.field).name", "\(entry.name.quoted) \(message): give each device a name of its own")
        }
    }
}
