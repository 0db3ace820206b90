internal import CLibvirt
internal import Glibc

/// A disk that stopped on an error (`virDomainDiskError`).
package struct DiskFault: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case none, unspecified, noSpace, other }

    /// Such as `vda`.
    package var target: String
    package var kind: Kind

    package init(target: String, kind: Kind) {
        self.target = target
        self.kind = kind
    }
}

/// A domain's figures at a glance (`virDomainInfo`).
package struct DomainCoreInfo: Sendable, Equatable {
    package var state: DomainState
    package var maximumMemoryKiB: UInt64
    package var memoryKiB: UInt64
    package var vcpus: Int
    /// Nanoseconds.
    package var cpuTime: UInt64
}

extension DomainHandle {
    /// Stops the guest's CPUs. Maps to `virDomainSuspend`.
    package func suspend() async throws(LibvirtError) {
        try await call { () throws(LibvirtError) -> Void in
            // SAFETY: `self` holds the reference during the call, here and below.
            try checked("virDomainSuspend", unsafe virDomainSuspend(self.pointer))
        }
    }

    /// Resets the guest as its reset button would. Maps to `virDomainReset`.
    package func reset() async throws(LibvirtError) {
        try await call { () throws(LibvirtError) -> Void in
            // SAFETY: `self` holds the reference during the call.
            try checked("virDomainReset", unsafe virDomainReset(self.pointer, 0))
        }
    }

    /// The disks that stand still on an error. Maps to `virDomainGetDiskErrors`.
    package func diskErrors() async throws(LibvirtError) -> [DiskFault] {
        try await call { () throws(LibvirtError) in
            // SAFETY: without a buffer the call only counts; then it fills at most as many entries, whose names we free.
            let most = try checked("virDomainGetDiskErrors", unsafe virDomainGetDiskErrors(self.pointer, nil, 0, 0))
            guard most > 0 else { return [] }
            var entries = unsafe [virDomainDiskError](repeating: virDomainDiskError(), count: Int(most))
            let count = try checked(
                "virDomainGetDiskErrors", unsafe virDomainGetDiskErrors(self.pointer, &entries, UInt32(most), 0))
            return unsafe entries.prefix(Int(count)).map { entry in
                defer { unsafe free(entry.disk) }
                let target = unsafe entry.disk.map { unsafe String(cString: $0) } ?? ""
                return unsafe DiskFault(target: target, kind: diskFault(entry.error))
            }
        }
    }

    /// Whether QEMU runs. Maps to `virDomainIsActive`.
    package func isActive() async throws(LibvirtError) -> Bool {
        try await call { () throws(LibvirtError) in
            // SAFETY: `self` holds the reference during the call.
            try checked("virDomainIsActive", unsafe virDomainIsActive(self.pointer)) == 1
        }
    }

    /// Whether libvirt holds a saved memory that the next start would take. Maps to `virDomainHasManagedSaveImage`.
    package func hasManagedSave() async throws(LibvirtError) -> Bool {
        try await call { () throws(LibvirtError) in
            // SAFETY: `self` holds the reference during the call.
            try checked(
                "virDomainHasManagedSaveImage", unsafe virDomainHasManagedSaveImage(self.pointer, 0)) == 1
        }
    }

    /// Maps to `virDomainGetInfo`.
    package func coreInfo() async throws(LibvirtError) -> DomainCoreInfo {
        try await call { () throws(LibvirtError) in
            var info = virDomainInfo()
            // SAFETY: `info` lives across the call.
            try checked("virDomainGetInfo", unsafe virDomainGetInfo(self.pointer, &info))
            return DomainCoreInfo(
                state: DomainState(state: Int32(info.state), reason: 0), maximumMemoryKiB: UInt64(info.maxMem),
                memoryKiB: UInt64(info.memory), vcpus: Int(info.nrVirtCpu), cpuTime: info.cpuTime)
        }
    }

    /// The document that the next start would take. Maps to `virDomainGetXMLDesc` with `VIR_DOMAIN_XML_INACTIVE`.
    package func inactiveXML() async throws(LibvirtError) -> String {
        try await call { () throws(LibvirtError) in
            let flags = UInt32(VIR_DOMAIN_XML_INACTIVE.rawValue)
            // SAFETY: the string is handed over, and freed by `checked`.
            return try unsafe checked("virDomainGetXMLDesc", string: virDomainGetXMLDesc(self.pointer, flags))
        }
    }

    /// Writes our element into the metadata, of the running domain and of its definition; nil removes it. Maps to
    /// `virDomainSetMetadata`.
    package func setMetadata(_ xml: String?, key: String, namespace: String) async throws(LibvirtError) {
        try await call { () throws(LibvirtError) -> Void in
            let type = Int32(VIR_DOMAIN_METADATA_ELEMENT.rawValue)
            // SAFETY: the texts are copied during the call; `self` holds the reference.
            let isActive = unsafe virDomainIsActive(self.pointer) == 1
            let isPersistent = unsafe virDomainIsPersistent(self.pointer) == 1
            var flags: UInt32 = 0
            if isActive { flags |= VIR_DOMAIN_AFFECT_LIVE.rawValue }
            if isPersistent { flags |= VIR_DOMAIN_AFFECT_CONFIG.rawValue }
            let result = unsafe virDomainSetMetadata(self.pointer, type, xml, key, namespace, flags)
            if result < 0, xml == nil, lastFailure().code == LibvirtCode.noMetadata { return }
            try checked("virDomainSetMetadata", result)
        }
    }
}

private func diskFault(_ code: Int32) -> DiskFault.Kind {
    switch UInt32(bitPattern: code) {
    case VIR_DOMAIN_DISK_ERROR_NONE.rawValue: .none
    case VIR_DOMAIN_DISK_ERROR_UNSPEC.rawValue: .unspecified
    case VIR_DOMAIN_DISK_ERROR_NO_SPACE.rawValue: .noSpace
    default: .other
    }
}
