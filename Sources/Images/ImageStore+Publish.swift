import Glibc
import SystemPackage

/// A file that is ready to be published: judged, and with its path in the image.
struct PreparedFile: Sendable {
    /// Where it lies until then.
    let host: FilePath
    let file: StoredImage.File
}

extension UnpackedFile {
    /// Hashes and judges the file, and describes it as one of the image; one that is a disk must be raw or qcow2.
    func prepared(
        image: String, limits: ImageLimits, _ cancellation: Cancellation
    ) throws(ImageError) -> PreparedFile {
        let (digest, size) = try FileSystem.digest(host) { () throws(ImageError) in try cancellation.check(image: image)
        }
        let finding = try isDisk ? DiskProbe.judge(host, size: size, path: path, image: image, limits: limits) : nil
        return PreparedFile(
            host: host,
            file: StoredImage.File(
                path: path, digest: digest, size: size, format: finding?.format ?? .plain,
                virtualSize: finding?.virtualSize, isLink: isLink))
    }
}

extension ImageStore {
    /// Moves files and layers to their places and then writes the record; all of them lie in `scratch`. Blocks.
    ///
    /// Without a record the files are for somebody who holds an image whose name has gone; `prune` removes them.
    func publish(
        _ image: StoredImage?, files: [PreparedFile], layers: [LayerSource], scratch: ScratchFolder
    ) throws(ImageError) {
        let lock = try FileLock.acquireBlocking(layout.storeLock, .shared)
        defer { lock.release() }
        for file in files { try place(file.host, at: layout.disk(file.file.digest), mode: 0o444) }
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
