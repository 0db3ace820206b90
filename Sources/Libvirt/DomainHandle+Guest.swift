internal import CLibvirt
internal import Glibc

extension DomainHandle {
    /// Stops the guest's writing to its file systems, and says how many. Maps to `virDomainFSFreeze`.
    @discardableResult
    package func freezeFilesystems() async throws(LibvirtError) -> Int {
        try await observe { () throws(LibvirtError) in
            // SAFETY: `self` holds the reference during the call, here and below.
            Int(try checked("virDomainFSFreeze", unsafe virDomainFSFreeze(self.pointer, nil, 0, 0)))
        }
    }

    /// Lets the guest write again. Maps to `virDomainFSThaw`.
    @discardableResult
    package func thawFilesystems() async throws(LibvirtError) -> Int {
        try await observe { () throws(LibvirtError) in
            // SAFETY: `self` holds the reference during the call.
            Int(try checked("virDomainFSThaw", unsafe virDomainFSThaw(self.pointer, nil, 0, 0)))
        }
    }

    /// The mounted file systems, without their sizes. Maps to `virDomainGetFSInfo`.
    package func guestFilesystems() async throws(LibvirtError) -> [GuestFilesystem] {
        try await observe { () throws(LibvirtError) in
            var list: UnsafeMutablePointer<virDomainFSInfoPtr?>?
            // SAFETY: libvirt fills an array of `count` entries; each is freed once it is copied, then the array.
            let count = try checked("virDomainGetFSInfo", unsafe virDomainGetFSInfo(self.pointer, &list, 0))
            defer { unsafe free(list) }
            return unsafe UnsafeBufferPointer(start: list, count: Int(count)).compactMap { entry in
                guard let entry = unsafe entry else { return nil }
                defer { unsafe virDomainFSInfoFree(entry) }
                return unsafe filesystem(entry.pointee)
            }
        }
    }

    /// Sets the guest's clock, in seconds and nanoseconds since 1970. Maps to `virDomainSetTime`.
    package func setTime(seconds: Int64, nanoseconds: UInt32 = 0) async throws(LibvirtError) {
        try await observe { () throws(LibvirtError) -> Void in
            // SAFETY: `self` holds the reference during the call.
            try checked("virDomainSetTime", unsafe virDomainSetTime(self.pointer, seconds, nanoseconds, 0))
        }
    }

    /// Asks the guest to restart: by its agent, or by the ACPI power button. Maps to `virDomainReboot`.
    package func reboot(agent: Bool) async throws(LibvirtError) {
        try await observe { () throws(LibvirtError) -> Void in
            let mode = agent ? VIR_DOMAIN_REBOOT_GUEST_AGENT : VIR_DOMAIN_REBOOT_ACPI_POWER_BTN
            // SAFETY: `self` holds the reference during the call.
            try checked("virDomainReboot", unsafe virDomainReboot(self.pointer, UInt32(mode.rawValue)))
        }
    }
}

private func filesystem(_ info: virDomainFSInfo) -> GuestFilesystem {
    func text(_ string: UnsafeMutablePointer<CChar>?) -> String {
        unsafe string.map { unsafe String(cString: $0) } ?? ""
    }
    // SAFETY: the caller's entry is valid during the call, and its strings are copied.
    let disks = unsafe UnsafeBufferPointer(start: info.devAlias, count: Int(info.ndevAlias)).map { unsafe text($0) }
    return unsafe GuestFilesystem(
        mountpoint: text(info.mountpoint), name: text(info.name), type: text(info.fstype), disks: disks)
}
