/// A file system that the guest has mounted; sizes in bytes.
package struct GuestFilesystem: Sendable, Equatable {
    package var mountpoint: String
    /// The guest's device, such as `sda1`.
    package var name: String
    package var type: String
    package var totalBytes: UInt64?
    package var usedBytes: UInt64?
    /// The targets, such as `vda`, of the disks that it lies on.
    package var disks: [String]

    package init(
        mountpoint: String, name: String, type: String, totalBytes: UInt64? = nil, usedBytes: UInt64? = nil,
        disks: [String] = []
    ) {
        self.mountpoint = mountpoint
        self.name = name
        self.type = type
        self.totalBytes = totalBytes
        self.usedBytes = usedBytes
        self.disks = disks
    }
}

/// Somebody who is logged in.
package struct GuestUser: Sendable, Equatable {
    package var name: String
    /// The domain that the user belongs to, with Windows.
    package var domain: String?
    /// Milliseconds since 1970.
    package var loginTime: UInt64?

    package init(name: String, domain: String? = nil, loginTime: UInt64? = nil) {
        self.name = name
        self.domain = domain
        self.loginTime = loginTime
    }
}

extension GuestInfo {
    /// The time zone's name and its offset from UTC in seconds.
    package var timezone: (name: String, offset: Int)? {
        guard let name = parameters["timezone.name"] else { return nil }
        return (name, parameters["timezone.offset"].flatMap { Int($0) } ?? 0)
    }

    package var users: [GuestUser] {
        entries("user").map { prefix in
            GuestUser(
                name: parameters[prefix + "name"] ?? "", domain: parameters[prefix + "domain"],
                loginTime: parameters[prefix + "login-time"].flatMap { UInt64($0) })
        }
    }

    package var filesystems: [GuestFilesystem] {
        entries("fs").map { prefix in
            GuestFilesystem(
                mountpoint: parameters[prefix + "mountpoint"] ?? "", name: parameters[prefix + "name"] ?? "",
                type: parameters[prefix + "fstype"] ?? "",
                totalBytes: parameters[prefix + "total-bytes"].flatMap { UInt64($0) },
                usedBytes: parameters[prefix + "used-bytes"].flatMap { UInt64($0) },
                disks: entries(prefix + "disk").compactMap { parameters[$0 + "alias"] })
        }
    }

    /// The interfaces as `virDomainGetGuestInfo` tells them.
    package var interfaces: [GuestInterface] {
        entries("if").map { prefix in
            GuestInterface(
                name: parameters[prefix + "name"] ?? "", mac: parameters[prefix + "hwaddr"] ?? "",
                addresses: entries(prefix + "addr").compactMap { parameters[$0 + "addr"] })
        }
    }

    /// The prefixes of a list of libvirt's, such as `fs.0.` and `fs.1.`. The guest wrote the count, so it is bounded.
    private func entries(_ list: String) -> [String] {
        let count = parameters[list + ".count"].flatMap { Int($0) } ?? 0
        return (0..<min(max(count, 0), 1024)).map { "\(list).\($0)." }
    }
}
