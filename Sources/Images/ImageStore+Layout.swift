package import SystemPackage

extension ImageStore {
    /// Takes in an OCI layout, a folder or an `oci-archive` tar file, under a name that needs no registry.
    ///
    /// skopeo copies it and so checks the digest of every blob; that of the manifest, which skopeo does not check in a
    /// layout, is checked here.
    package func importLayout(
        at path: FilePath, name: String, progress: ImageProgressListener? = nil
    ) async throws(ImageError) -> StoredImage {
        let name = try ImageReference(name).localName
        let lock = try await FileLock.acquire(layout.lock(name), .exclusive, image: name)
        defer { lock.release() }
        let scratch = try ScratchFolder(in: layout.tmp)
        defer { scratch.remove() }
        let source = LayoutSource(path: path, image: name, limits: limits)
        let (chosen, layers) = try await BlockingWork.run { cancellation throws(ImageError) in
            try source.resolve(cancellation)
        }
        let total = layers.reduce(0) { $0 + $1.size }
        try UnpackBudget.requireSpace(total, image: name, folder: folder, limits: limits)
        let download = scratch.path.appending("download")
        let isArchive = (try? Stat(path))?.type == .regular
        let skopeo = Skopeo(program: skopeo, image: name, registry: path.string)
        try await DownloadWatch(folder: download, totalBytes: total, progress: progress).during {
            () async throws(ImageError) in
            // An archive is unpacked by skopeo, in which each file is bounded by the whole.
            try await skopeo.copy(
                "\(isArchive ? "oci-archive" : "oci"):\(path.string)", to: download, nil, temporary: scratch.path,
                fileBytes: max(total, Int64(limits.manifestBytes)))
        }
        let manifest = try FileSystem.read(download.appending("manifest.json"), limit: limits.manifestBytes + 1)
        guard ImageDigest.of(manifest) == chosen else {
            throw .wrongDigest(image: name, reason: "its manifest is not \(chosen)")
        }
        let sources = layers.map {
            LayerSource(digest: $0.digest, path: download.appending($0.digest.hex), size: $0.size)
        }
        return try await storeLayers(
            sources, as: name, image: name, source: .imported(path: path.string), digest: chosen, scratch: scratch,
            progress: progress)
    }
}
