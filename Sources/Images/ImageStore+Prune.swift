import FoundationEssentials
import SystemPackage

extension ImageStore {
    /// Removes blobs that no record names and that are not in `inUse`, and what killed processes left.
    ///
    /// A running VM's disk must be in `inUse` even where its image is still named: the name may move to a newer image
    /// while the VM runs. Blobs that a process on this node has open are kept in any case. Returns the bytes freed.
    /// Throws, and removes nothing, where a record cannot be read, since nobody knows what it names.
    @discardableResult
    package func prune(inUse: Set<ImageDigest> = []) async throws(ImageError) -> Int64 {
        let lock = try await FileLock.acquire(layout.storeLock, .exclusive, image: "prune")
        defer { lock.release() }
        return try await BlockingWork.run { _ throws(ImageError) in
            var freed = try ScratchFolder.sweep(layout.tmp)
            let images = try layout.loadAll()
            let named = Set(images.flatMap { $0.files.map(\.digest) + $0.layers.map(\.digest) })
            let kept = named.union(inUse).union(openBlobs())
            for folder in [layout.disks, layout.layers] {
                for name in try FileSystem.names(in: folder) {
                    if let digest = ImageDigest(hex: name), kept.contains(digest) { continue }
                    let path = folder.appending(name)
                    let size = (try? Stat(path, followTargetSymlink: false))?.sizeAllocated ?? 0
                    if try FileSystem.unlink(path) { freed += size }
                }
            }
            return freed
        }
    }

    /// The blobs that processes of this node have open, as far as this user may see them.
    package func openBlobs() -> Set<ImageDigest> {
        let manager = FileManager.default
        let disks = layout.disks
        var open: Set<ImageDigest> = []
        for process in (try? manager.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(process) != nil {
            let folder = "/proc/\(process)/fd"
            for descriptor in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
                guard let target = try? manager.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)") else {
                    continue
                }
                let path = FilePath(target)
                // Seen from another mount namespace, the folder may have another name: the digest alone decides.
                guard path.removingLastComponent().lastComponent == disks.lastComponent,
                    let digest = path.lastComponent.flatMap({ ImageDigest(hex: $0.string) })
                else { continue }
                open.insert(digest)
            }
        }
        return open
    }
}
