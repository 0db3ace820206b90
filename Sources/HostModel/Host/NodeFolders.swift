package import SystemPackage

/// Where virt-node keeps its things: `/etc/virt-node`, `/var/lib/virt-node`, `/run/virt-node`, `/var/cache/virt-node`,
/// or the same below the folder of `--root`.
package struct NodeFolders: Sendable, Hashable {
    package var configuration: FilePath
    package var state: FilePath
    package var run: FilePath
    package var cache: FilePath

    package init(root: FilePath = "/") {
        func below(_ folder: String) -> FilePath { root.appending(FilePath(folder).components).appending("virt-node") }
        configuration = below("/etc")
        state = below("/var/lib")
        run = below("/run")
        cache = below("/var/cache")
    }
}
