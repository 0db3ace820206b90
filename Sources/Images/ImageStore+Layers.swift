import SystemPackage

extension ImageStore {
    /// Takes the disks out of an image's layers and publishes it.
    ///
    /// The layers are kept where files lie outside of /disk that a kernelBoot may ask for later.
    func storeLayers(
        _ layers: [LayerSource], as name: String, image: String, source: StoredImage.Source, digest: ImageDigest,
        scratch: ScratchFolder, progress: ImageProgressListener?
    ) async throws(ImageError) -> StoredImage {
        let unpacked = try await unpack(
            UnpackJob(image: image, layers: layers, limits: limits, scratch: scratch.path, wanted: .disks), progress)
        return try await BlockingWork.run { cancellation throws(ImageError) in
            var files: [PreparedFile] = []
            for file in unpacked.files { files.append(try file.prepared(image: image, limits: limits, cancellation)) }
            let kept = unpacked.hasOthers ? layers : []
            let stored = StoredImage(
                schema: StoredImage.currentSchema, name: name, source: source, digest: digest, stored: now(),
                files: files.map(\.file), layers: kept.map { StoredImage.Layer(digest: $0.digest, size: $0.size) })
            try cancellation.check(image: image)
            try publish(stored, files: files, layers: kept, scratch: scratch)
            return stored
        }
    }

    /// Reads the layers, in a process of its own where there is a helper.
    private func unpack(_ job: UnpackJob, _ progress: ImageProgressListener?) async throws(ImageError) -> Unpacked {
        if let helper { return try await helper.run(job, progress) }
        return try await BlockingWork.run { cancellation throws(ImageError) in try job.run(cancellation, progress) }
    }

    /// Takes one more file out of the kept layers of an image and adds it to its record.
    func extractFile(_ path: String, of image: StoredImage) async throws(ImageError) -> StoredImage.File {
        let lock = try await FileLock.acquire(layout.lock(image.name), .exclusive, image: image.name)
        defer { lock.release() }
        let scratch = try ScratchFolder(in: layout.tmp)
        defer { scratch.remove() }
        // The record may have got the file, or have been replaced, while the lock was awaited.
        var current = try layout.load(image.name) ?? image
        if current.digest != image.digest { current = image }
        if let file = current.files.first(where: { $0.path == path }) { return file }
        let layers = current.layers.map { LayerSource(digest: $0.digest, path: layout.layer($0.digest), size: $0.size) }
        let job = UnpackJob(
            image: current.name, layers: layers, limits: limits, scratch: scratch.path, wanted: .file(path: path))
        guard let unpacked = try await unpack(job, nil).files.first else {
            throw .noSuchFile(image: image.name, path: path)
        }
        let record = current
        return try await BlockingWork.run { cancellation throws(ImageError) in
            let file = try unpacked.prepared(image: image.name, limits: limits, cancellation)
            var record = record
            record.files.append(file.file)
            let isNamed = try layout.load(image.name)?.digest == image.digest
            try publish(isNamed ? record : nil, files: [file], layers: [], scratch: scratch)
            return file.file
        }
    }
}
