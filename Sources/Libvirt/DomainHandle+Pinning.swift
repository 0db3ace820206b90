internal import CLibvirt

/// Which host CPUs a running domain's threads may use.
extension DomainHandle {
    /// Moves a vCPU, live. Maps to `virDomainPinVcpuFlags`.
    package func pinVCPU(_ vcpu: Int, to cpus: [Int]) async throws(LibvirtError) {
        let map = Self.map(cpus)
        try await call { () throws(LibvirtError) -> Void in
            var map = map
            let live = UInt32(VIR_DOMAIN_AFFECT_LIVE.rawValue)
            // SAFETY: libvirt reads `map.count` bytes during the call, here and below; `self` holds the reference.
            let result = unsafe virDomainPinVcpuFlags(self.pointer, UInt32(vcpu), &map, Int32(map.count), live)
            try checked("virDomainPinVcpuFlags", result)
        }
    }

    /// Moves the emulator thread, live. Maps to `virDomainPinEmulator`.
    package func pinEmulator(to cpus: [Int]) async throws(LibvirtError) {
        let map = Self.map(cpus)
        try await call { () throws(LibvirtError) -> Void in
            var map = map
            let live = UInt32(VIR_DOMAIN_AFFECT_LIVE.rawValue)
            // SAFETY: as in `pinVCPU`.
            try checked("virDomainPinEmulator", unsafe virDomainPinEmulator(self.pointer, &map, Int32(map.count), live))
        }
    }

    /// Moves an I/O thread, live; they count from 1. Maps to `virDomainPinIOThread`.
    package func pinIOThread(_ thread: Int, to cpus: [Int]) async throws(LibvirtError) {
        let map = Self.map(cpus)
        try await call { () throws(LibvirtError) -> Void in
            var map = map
            let live = UInt32(VIR_DOMAIN_AFFECT_LIVE.rawValue)
            // SAFETY: as in `pinVCPU`.
            let result = unsafe virDomainPinIOThread(self.pointer, UInt32(thread), &map, Int32(map.count), live)
            try checked("virDomainPinIOThread", result)
        }
    }

    /// A bit a CPU, the lowest first.
    private static func map(_ cpus: [Int]) -> [UInt8] {
        var map = [UInt8](repeating: 0, count: (cpus.max() ?? 0) / 8 + 1)
        for cpu in cpus where cpu >= 0 { map[cpu / 8] |= 1 << (cpu % 8) }
        return map
    }
}
