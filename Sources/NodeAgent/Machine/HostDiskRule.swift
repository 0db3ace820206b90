internal import Glibc
internal import HostModel
internal import KubeVirtModel
internal import SystemPackage

/// Which files of the host a VMI may name as its `hostDisk`: none of virt-node's own, where the disks of other VMs and the
/// claims of other namespaces lie; and where the configuration names folders, only files in those.
struct HostDiskRule: Sendable {
    /// Empty for any but virt-node's own.
    var folders: [String] = []

    /// The first field that names what it may not, and why.
    func unmet(_ instance: VirtualMachineInstance, _ node: NodeFolders) -> (field: String, reason: String)? {
        let own = [node.configuration, node.state, node.run, node.cache].map { Self.resolved($0) }
        let allowed = folders.map { Self.resolved(FilePath($0)) }
        for (index, volume) in instance.spec.volumes.enumerated() {
            guard let disk = volume.hostDisk else { continue }
            let path = Self.resolved(FilePath(disk.path))
            let field = "spec.volumes[\(index)].hostDisk.path"
            if let folder = own.first(where: { path.starts(with: $0) }) {
                return (field, "\(disk.path) lies in \(folder), which is virt-node's own: move the disk elsewhere")
            }
            guard allowed.isEmpty || allowed.contains(where: { path.starts(with: $0) }) else {
                let list = folders.joined(separator: ", ")
                return (field, "\(disk.path) lies in none of the folders of hostDisks.folders: use one of \(list)")
            }
        }
        return nil
    }

    /// The path with all links followed, as far as there is one: what is yet to be made keeps its name.
    private static func resolved(_ path: FilePath) -> FilePath {
        var head = path
        var tail: [FilePath.Component] = []
        while true {
            if let real = realpath(head.string, nil) {
                defer { free(real) }
                return FilePath(String(cString: real)).appending(tail.reversed())
            }
            guard let last = head.lastComponent else { return path }
            tail.append(last)
            head.removeLastComponent()
        }
    }
}
