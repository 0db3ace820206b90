import KubernetesModel

/// The names of devices, which become libvirt's aliases.
struct DeviceNames {
    private var lists: [(list: String, path: String, name: String)] = []

    init(_ devices: Devices) {
        let path = "spec.domain.devices"
        lists += devices.disks.enumerated().map { ("disks", "\(path).disks[\($0)]", $1.name) }
        lists += devices.interfaces.enumerated().map { ("interfaces", "\(path).interfaces[\($0)]", $1.name) }
        lists += devices.inputs.enumerated().map { ("inputs", "\(path).inputs[\($0)]", $1.name) }
        lists += devices.watchdog.map { [("watchdog", "\(path).watchdog", $0.name)] } ?? []
    }

    static func isSound(_ name: String) -> Bool { name.wholeMatch(of: /[A-Za-z0-9\-_]{1,63}/) != nil }

    static func complaint(_ name: String) -> String {
        "\(DocumentNode.string(name).excerpt ?? "") is no name: write letters, digits, - and _"
    }

    /// Disks and interfaces are checked for twins among themselves where they are validated; libvirt takes none across
    /// the kinds either.
    func validate() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        var first: [String: (list: String, path: String)] = [:]
        for (list, path, name) in lists {
            if list != "interfaces", !Self.isSound(name) { issues.append(.error("\(path).name", Self.complaint(name))) }
            guard let twin = first[name] else {
                first[name] = (list, path)
                continue
            }
            guard twin.list != list || list == "inputs" else { continue }
            let message =
                "\(DocumentNode.string(name).excerpt ?? "") is the name of \(twin.path) too: give each device a name of its own"
            issues.append(.error("\(path).name", message))
        }
        return issues
    }
}
