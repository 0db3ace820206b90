import FoundationEssentials
import HostModel
import SystemPackage

@testable import NodeAgent

/// A node's folders below one of its own, removed with its last reference.
final class SessionBench: Sendable {
    let path: FilePath
    let folders: SessionFolders

    init() throws {
        path = FilePath("/tmp/vn-\(UInt32.random(in: .min ... .max))")
        folders = SessionFolders(NodeFolders(root: path))
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func exists(_ path: FilePath) -> Bool { FileManager.default.fileExists(atPath: path.string) }

    func intent(_ name: String, uid: String = "u1", session: String = "00aa00", folders: [FilePath] = []) -> Intent {
        Intent(
            uid: uid, namespace: "default", name: name, domain: "default_\(name)", domainUUID: uid, session: session,
            processID: 42, bootID: "boot",
            libvirtURI: "qemu:///embed", folders: folders.map(\.string))
    }
}
