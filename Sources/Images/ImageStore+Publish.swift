import Glibc
import SystemPackage

/// A file that is ready to be published: captured, judged, and with its path in the image.
struct PreparedFile: Sendable {
    let captured: CapturedFile
    let file: StoredImage.File
}

extension ImageStore {
    /// Judges a captured file and describes it as a file of the image; one that is a disk must be raw or qcow2.
    func prepare(
        _ captured: CapturedFile, path: String, isLink: Bool, isDisk: Bool, image: String
    ) throws(ImageError) -> PreparedFile {
        let finding = try isDisk ? probe(captured.path, size: captured.size, path: path, image: image) : nil
        return PreparedFile(
            captured: captured,
            file: StoredImage.File(
                path: path, digest: captured.digest, size: captured.size, format: finding?.format ?? .plain,
                virtualSize: finding?.virtualSize, isLink: isLink))
    }

    /// Judges a file on the host by its bytes.
    func probe(
        _ host: FilePath, size: Int64, path: String, image: String
    ) throws(ImageError) -> DiskProbe.Finding {
        let start = try FileSystem.read(host, limit: DiskProbe.startBytes)
        let end = try FileSystem.read(
            host, from: max(0, size - Int64(DiskProbe.endBytes)), limit: DiskProbe.endBytes)
        return try DiskProbe.judge(start: start, end: end, size: size, path: path, image: image, limits: limits)
    }

    /// Moves files and layers to their places and then writes the record; all of them lie in `scratch`. Blocks.
    ///
    /// Without a record the files are for somebody who holds an image whose name has gone; `prune` removes them.
    func publish(
        _ image: StoredImage?, files: [PreparedFile], layers: [LayerSource], scratch: ScratchFolder
    ) throws(ImageError) {
        let lock = try FileLock.acquireBlocking(layout.storeLock, .shared)
        defer { lock.release() }
        for file in files { try place(file.captured.path, at: layout.disk(file.captured.digest), mode: 0o444) }
        for layer in layers { try place(layer.path, at: layout.layer(layer.digest), mode: 0o400) }
        if !files.isEmpty { try FileSystem.sync(layout.disks) }
        if !layers.isEmpty { try FileSystem.sync(layout.layers) }
        if let image { try layout.save(image, scratch: scratch.path) }
    }

    /// Gives a blob its name; one that is there already stays, since its content is the same and may be in use.
    private func place(_ source: FilePath, at target: FilePath, mode: mode_t) throws(ImageError) {
        guard let status = try? Stat(source) else {
            // Placed before: two paths of the image share it.
            return
        }
        if (try? Stat(target))?.size == status.size { return }
        let descriptor = try FileSystem.open(source, .readOnly)
        defer { try? descriptor.close() }
        try FileSystem.setPermissions(descriptor, source, mode)
        try FileSystem.sync(source)
        try FileSystem.rename(source, to: target)
    }
}
