/// What the doctor is told of libvirt. `HostModel` may not import it: the program hands these in.
package struct LibvirtFacts: Sendable, Hashable {
    /// Version of the library this process uses, `9.0.0`; `nil` where there is none.
    package var libraryVersion: String?
    /// Version of the daemon behind `qemu:///system`; `nil` where it does not answer.
    package var systemVersion: String?
    /// libvirt's own words where `qemu:///system` did not answer.
    package var systemError: String?
    /// Whether the embedded driver `qemu:///embed` can be used: its module is installed.
    package var hasEmbeddedDriver: Bool

    package init(
        libraryVersion: String?, systemVersion: String?, systemError: String? = nil, hasEmbeddedDriver: Bool
    ) {
        self.libraryVersion = libraryVersion
        self.systemVersion = systemVersion
        self.systemError = systemError
        self.hasEmbeddedDriver = hasEmbeddedDriver
    }

    /// Where distributions put libvirt's driver for QEMU.
    package static func hasEmbeddedDriver(_ root: HostRoot) -> Bool {
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"].contains {
            root.exists("\($0)/libvirt/connection-driver/libvirt_driver_qemu.so")
        }
    }
}

extension LibvirtFacts {
    /// What files alone tell, for a program that links no libvirt: nothing is asked.
    package init(probing root: HostRoot) {
        let libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
        // libvirt.so.0 -> libvirt.so.0.9000.0: major, then minor and micro in thousands.
        let version = libraries.lazy.compactMap { root.linkName("\($0)/libvirt.so.0") }.first.map { name in
            let parts = name.split(separator: ".").suffix(2).compactMap { Int($0) }
            return parts.count == 2 ? "\(parts[0] / 1000).\(parts[0] % 1000).\(parts[1])" : name
        }
        let socket = "/run/libvirt/libvirt-sock"
        self.init(
            libraryVersion: version, systemVersion: nil,
            systemError: root.exists(socket) ? "it was not asked" : "there is no \(socket)",
            hasEmbeddedDriver: Self.hasEmbeddedDriver(root))
    }
}
