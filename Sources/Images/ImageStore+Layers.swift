import SystemPackage

extension ImageStore {
    /// Takes the disks out of an image's layers and publishes it.
    ///
    /// The layers are kept where files lie outside of /disk that a kernelBoot may ask for later.
    func storeLayers(
        _ layers: [LayerSource], as name: String, image: String, source: StoredImage.Source, digest: ImageDigest,
        scratch: ScratchFolder, progress: ImageProgressListener?
    ) async throws(ImageError) -> StoredImage {
        try await BlockingWork.run { cancellation throws(ImageError) in
            let unpacker = LayerUnpacker(
                image: image, layers: layers, limits: limits, scratch: scratch.path, cancellation: cancellation,
                progress: progress)
            var (tree, captured) = try unpacker.unpack { $0.hasPrefix("disk/") }
            let disks = try tree.files(under: "disk")
            let missing = Set(disks.map(\.content)).subtracting(captured.keys)
            if !missing.isEmpty { captured.merge(try unpacker.extract(missing)) { $1 } }
            var files: [PreparedFile] = []
            for disk in disks {
                guard let content = captured[disk.content] else {
                    throw .noSuchFile(image: image, path: disk.path)
                }
                files.append(try prepare(content, path: disk.path, isLink: disk.isLink, isDisk: true, image: image))
            }
            let kept = tree.hasFiles(outside: "disk") ? layers : []
            let stored = StoredImage(
                schema: StoredImage.currentSchema, name: name, source: source, digest: digest, stored: now(),
                files: files.map(\.file), layers: kept.map { StoredImage.Layer(digest: $0.digest, size: $0.size) })
            try cancellation.check(image: image)
            try publish(stored, files: files, layers: kept, scratch: scratch)
            return stored
        }
    }

    /// Takes one more file out of the kept layers of an image and adds it to its record.
    func extractFile(_ path: String, of image: StoredImage) async throws(ImageError) -> StoredImage.File {
        let lock = try await FileLock.acquire(layout.lock(image.name), .exclusive, image: image.name)
        defer { lock.release() }
        let scratch = try ScratchFolder(in: layout.tmp)
        defer { scratch.remove() }
        return try await BlockingWork.run { cancellation throws(ImageError) in
            // The record may have got the file, or have been replaced, while the lock was awaited.
            var current = try layout.load(image.name) ?? image
            if current.digest != image.digest { current = image }
            if let file = current.files.first(where: { $0.path == path }) { return file }
            let file = try capture(path, of: current, scratch: scratch, cancellation)
            current.files.append(file.file)
            let isNamed = try layout.load(image.name)?.digest == image.digest
            try publish(isNamed ? current : nil, files: [file], layers: [], scratch: scratch)
            return file.file
        }
    }

    private func capture(
        _ path: String, of image: StoredImage, scratch: ScratchFolder, _ cancellation: Cancellation
    ) throws(ImageError) -> PreparedFile {
        let layers = image.layers.map { LayerSource(digest: $0.digest, path: layout.layer($0.digest), size: $0.size) }
        let unpacker = LayerUnpacker(
            image: image.name, layers: layers, limits: limits, scratch: scratch.path, cancellation: cancellation,
            progress: nil)
        let name = path.split(separator: "/").joined(separator: "/")
        var (tree, captured) = try unpacker.unpack { $0 == name }
        let file = try tree.file(path)
        if captured[file.content] == nil { captured = try unpacker.extract([file.content]) }
        guard let content = captured[file.content] else { throw .noSuchFile(image: image.name, path: path) }
        return try prepare(content, path: path, isLink: file.isLink, isDisk: false, image: image.name)
    }
}
