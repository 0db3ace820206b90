internal import CLibvirt

/// The host as libvirt sees it (`virNodeInfo`).
package struct LibvirtNodeInfo: Sendable, Equatable {
    package var memoryKiB: UInt64
    package var cpus: Int
    package var cells: Int
    package var sockets: Int
    package var cores: Int
    package var threads: Int
}

extension Connection {
    /// Whether the connection still stands, as far as this side knows. Maps to `virConnectIsAlive`.
    package var isAlive: Bool {
        get async {
            await observers.run {
                // SAFETY: `self` holds the reference during the call, here and below.
                unsafe virConnectIsAlive(self.pointer) == 1
            }
        }
    }

    /// The host's and the emulators' abilities as XML. Maps to `virConnectGetCapabilities`.
    package func capabilities() async throws(LibvirtError) -> String {
        try await observers.run { () throws(LibvirtError) in
            // SAFETY: the string is handed over, and freed by `checked`.
            try unsafe checked("virConnectGetCapabilities", string: virConnectGetCapabilities(self.pointer))
        }
    }

    /// What domains of that emulator, machine type and accelerator can be given, as XML; nil stands for libvirt's choice.
    /// Maps to `virConnectGetDomainCapabilities`.
    package func domainCapabilities(
        emulator: String? = nil, architecture: String? = nil, machine: String? = nil, virtualization: String? = nil
    ) async throws(LibvirtError) -> String {
        try await observers.run { () throws(LibvirtError) in
            // SAFETY: the texts are copied during the call; the string is handed over, and freed by `checked`.
            let text = unsafe virConnectGetDomainCapabilities(
                self.pointer, emulator, architecture, machine, virtualization, 0)
            return try unsafe checked("virConnectGetDomainCapabilities", string: text)
        }
    }

    /// QEMU's version as `7.2.22`. Maps to `virConnectGetVersion`.
    package func hypervisorVersion() async throws(LibvirtError) -> String {
        try await observers.run { () throws(LibvirtError) in
            var version: UInt = 0
            // SAFETY: `version` lives across the call.
            try checked("virConnectGetVersion", unsafe virConnectGetVersion(self.pointer, &version))
            return versionText(version)
        }
    }

    /// The version of libvirt at the other end, as `9.0.0`. Maps to `virConnectGetLibVersion`.
    package func daemonVersion() async throws(LibvirtError) -> String {
        try await observers.run { () throws(LibvirtError) in
            var version: UInt = 0
            // SAFETY: `version` lives across the call.
            try checked("virConnectGetLibVersion", unsafe virConnectGetLibVersion(self.pointer, &version))
            return versionText(version)
        }
    }

    /// Maps to `virNodeGetInfo`.
    package func nodeInfo() async throws(LibvirtError) -> LibvirtNodeInfo {
        try await observers.run { () throws(LibvirtError) in
            var info = virNodeInfo()
            // SAFETY: `info` lives across the call.
            try checked("virNodeGetInfo", unsafe virNodeGetInfo(self.pointer, &info))
            return LibvirtNodeInfo(
                memoryKiB: UInt64(info.memory), cpus: Int(info.cpus), cells: Int(info.nodes),
                sockets: Int(info.sockets),
                cores: Int(info.cores), threads: Int(info.threads))
        }
    }
}
