internal import CLibvirt
internal import Glibc

/// What a guest tells of itself through qemu-guest-agent.
package struct GuestInfo: Sendable, Equatable {
    /// libvirt's typed parameters by name, such as `os.pretty-name`; numbers as text.
    package let parameters: [String: String]

    /// Keeps a line of each text. libvirt's names have at most 79 bytes, and a value that is longer than a path is none.
    package init(parameters: [String: String]) {
        var kept: [String: String] = [:]
        for (name, text) in parameters where name.utf8.count < 80 { kept[name] = GuestText.line(text, limit: 1024) }
        self.parameters = kept
    }

    package var hostname: String? { parameters["hostname"] }
}

/// The parts that a guest can be asked for (`virDomainGuestInfoTypes`).
package struct GuestInfoParts: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let users = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_USERS.rawValue)
    package static let operatingSystem = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_OS.rawValue)
    package static let timezone = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_TIMEZONE.rawValue)
    package static let hostname = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_HOSTNAME.rawValue)
    package static let filesystems = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_FILESYSTEM.rawValue)
    package static let disks = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_DISKS.rawValue)
    package static let interfaces = GuestInfoParts(rawValue: VIR_DOMAIN_GUEST_INFO_INTERFACES.rawValue)
    /// Whatever the agent knows. A part that it lacks is left out; asked for by name, it would be an error.
    package static let all: GuestInfoParts = []
}

/// One network interface as the guest sees it.
package struct GuestInterface: Sendable, Equatable {
    package let name: String
    package let mac: String
    package let addresses: [String]

    /// Keeps as many addresses as a person reads, and of each text what an honest guest needs.
    package init(name: String, mac: String, addresses: [String]) {
        self.name = GuestText.line(name, limit: 256)
        self.mac = GuestText.line(mac, limit: 64)
        self.addresses = addresses.prefix(32).map { GuestText.line($0, limit: 64) }
    }
}

extension DomainHandle {
    /// Maps to `virDomainGetGuestInfo`.
    package func guestInfo(
        _ parts: GuestInfoParts = [.operatingSystem, .hostname]
    ) async throws(LibvirtError) -> GuestInfo {
        try await observe { () throws(LibvirtError) in
            var parameters: virTypedParameterPtr?
            var count: Int32 = 0
            // SAFETY: libvirt fills an array of `count` entries, which is freed below once all is copied.
            try checked(
                "virDomainGetGuestInfo",
                unsafe virDomainGetGuestInfo(self.pointer, parts.rawValue, &parameters, &count, 0))
            defer { unsafe virTypedParamsFree(parameters, count) }
            return unsafe GuestInfo(parameters: values(of: parameters, count: Int(count)).mapValues(\.text))
        }
    }

    /// Maps to `virDomainInterfaceAddresses` with the agent as its source.
    package func guestInterfaces() async throws(LibvirtError) -> [GuestInterface] {
        try await observe { () throws(LibvirtError) in
            var list: UnsafeMutablePointer<virDomainInterfacePtr?>?
            let source = UInt32(VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT.rawValue)
            // SAFETY: libvirt fills an array of `count` interfaces; each is freed once it is copied, then the array.
            let count = try checked(
                "virDomainInterfaceAddresses", unsafe virDomainInterfaceAddresses(self.pointer, &list, source, 0))
            defer { unsafe free(list) }
            return unsafe UnsafeBufferPointer(start: list, count: Int(count)).compactMap { entry in
                guard let entry = unsafe entry else { return nil }
                defer { unsafe virDomainInterfaceFree(entry) }
                return unsafe guestInterface(entry)
            }
        }
    }

    /// Sends the agent a command, and returns its answer; both are JSON. Maps to `virDomainQemuAgentCommand`.
    package func agentCommand(_ command: String, timeoutSeconds: Int32 = 5) async throws(LibvirtError) -> String {
        try await observe { () throws(LibvirtError) in
            // SAFETY: the text is copied during the call; the string is handed over, and freed by `checked`.
            try unsafe checked(
                "virDomainQemuAgentCommand",
                string: virDomainQemuAgentCommand(self.pointer, command, timeoutSeconds, 0))
        }
    }

    /// The agent's own version; nil where its answer names none.
    package func agentVersion() async throws(LibvirtError) -> String? {
        GuestAgentAnswer.version(in: try await agentCommand(#"{"execute":"guest-info"}"#))
    }
}

private func guestInterface(_ entry: virDomainInterfacePtr) -> GuestInterface {
    // SAFETY: the caller's entry is valid during the call, and its strings are copied.
    let name = unsafe entry.pointee.name.map { unsafe String(cString: $0) } ?? ""
    let mac = unsafe entry.pointee.hwaddr.map { unsafe String(cString: $0) } ?? ""
    let addresses = unsafe UnsafeBufferPointer(start: entry.pointee.addrs, count: Int(entry.pointee.naddrs))
    let texts = unsafe addresses.compactMap { unsafe $0.addr.map { unsafe String(cString: $0) } }
    return GuestInterface(name: name, mac: mac, addresses: texts)
}
