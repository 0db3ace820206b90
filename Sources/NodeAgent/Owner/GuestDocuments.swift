internal import KubernetesModel
internal import Libvirt

/// What a guest tells of itself, in the form of KubeVirt's subresources.
enum GuestDocuments {
    /// `guestosinfo`.
    static func system(_ info: GuestInfo) -> DocumentNode {
        let names = [
            ("name", "os.name"), ("kernelRelease", "os.kernel-release"), ("version", "os.version"),
            ("prettyName", "os.pretty-name"), ("versionId", "os.version-id"), ("kernelVersion", "os.kernel-version"),
            ("machine", "os.machine"), ("id", "os.id"),
        ]
        let os = names.compactMap { name, key in
            info.parameters[key].map { DocumentMember(name, .string($0)) }
        }
        var members = [DocumentMember("os", .object(os))]
        if let hostname = info.hostname { members.append(DocumentMember("hostname", .string(hostname))) }
        return .object(members)
    }

    /// `userlist`.
    static func users(_ users: [GuestUser]) -> DocumentNode {
        list(
            users.map { user in
                var members = [DocumentMember("userName", .string(user.name))]
                if let domain = user.domain { members.append(DocumentMember("domain", .string(domain))) }
                if let time = user.loginTime {
                    // The agent counts milliseconds, KubeVirt seconds.
                    members.append(DocumentMember("loginTime", DocumentNode(.number("\(Double(time) / 1000)"))))
                }
                return .object(members)
            })
    }

    /// `filesystemlist`.
    static func filesystems(_ filesystems: [GuestFilesystem]) -> DocumentNode {
        list(
            filesystems.map { filesystem in
                .object([
                    DocumentMember("diskName", .string(filesystem.name)),
                    DocumentMember("mountPoint", .string(filesystem.mountpoint)),
                    DocumentMember("fileSystemType", .string(filesystem.type)),
                    DocumentMember("usedBytes", .number(filesystem.usedBytes ?? 0)),
                    DocumentMember("totalBytes", .number(filesystem.totalBytes ?? 0)),
                ])
            })
    }

    private static func list(_ items: [DocumentNode]) -> DocumentNode {
        .object([DocumentMember("items", .array(items))])
    }
}
