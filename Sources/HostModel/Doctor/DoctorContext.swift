/// All that the checks look at, gathered before the first of them runs.
package struct DoctorContext: Sendable {
    package var root: HostRoot
    package var host: Host
    package var accelerator: AcceleratorVerdict
    package var libvirt: LibvirtFacts
    package var folders: NodeFolders

    package init(
        root: HostRoot = HostRoot(), host: Host, accelerator: AcceleratorVerdict, libvirt: LibvirtFacts,
        folders: NodeFolders
    ) {
        self.root = root
        self.host = host
        self.accelerator = accelerator
        self.libvirt = libvirt
        self.folders = folders
    }

    /// The path of a program, or `nil`: searched where distributions install, not in `PATH`, which differs between a
    /// service and a login shell.
    func program(_ name: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"]
            .map { "\($0)/\(name)" }.first { root.exists($0) }
    }
}
