package import SystemPackage

extension ImageStore {
    /// Takes in a raw or qcow2 file as an image with that one disk, under a name that needs no registry.
    package func importDisk(
        at path: FilePath, name: String, progress: ImageProgressListener? = nil
    ) async throws(ImageError) -> StoredImage {
        guard let last = path.lastComponent?.string, (try? Stat(path))?.type == .regular else {
            throw .importRefused(path: path.string, reason: "it is no regular file")
        }
        return try await importFiles(name, from: path, progress) { copier throws(ImageError) in
            [try copier.copy(path, to: "/disk/\(last)", isLink: false)]
        }
    }

    /// Takes in a folder whose regular files become the image's files: `boot/vmlinuz` is then `/boot/vmlinuz`.
    ///
    /// What lies under `disk` must be raw or qcow2. Links are followed inside the folder; one that leads out of it is
    /// refused, as is anything that is neither file, folder nor link.
    package func importFolder(
        at path: FilePath, name: String, progress: ImageProgressListener? = nil
    ) async throws(ImageError) -> StoredImage {
        guard (try? Stat(path))?.type == .directory else {
            throw .importRefused(path: path.string, reason: "it is no folder")
        }
        return try await importFiles(name, from: path, progress) { copier throws(ImageError) in
            var files: [PreparedFile] = []
            for file in try FolderScan(root: path, image: name, limits: limits).files() {
                files.append(try copier.copy(file.host, to: file.path, isLink: file.isLink))
            }
            guard !files.isEmpty else { throw .importRefused(path: path.string, reason: "it holds no file") }
            return files
        }
    }

    /// Copies files into the store and records them under `name`; the digest of the whole covers paths and contents.
    private func importFiles(
        _ name: String, from path: FilePath, _ progress: ImageProgressListener?,
        _ copy: @escaping @Sendable (inout FileCopier) throws(ImageError) -> [PreparedFile]
    ) async throws(ImageError) -> StoredImage {
        let name = try ImageReference(name).localName
        let lock = try await FileLock.acquire(layout.lock(name), .exclusive, image: name)
        defer { lock.release() }
        let scratch = try ScratchFolder(in: layout.tmp)
        defer { scratch.remove() }
        return try await BlockingWork.run { cancellation throws(ImageError) in
            var copier = FileCopier(
                store: self, image: name, scratch: scratch.path, cancellation: cancellation, progress: progress)
            let files = try copy(&copier)
            let text = files.map { "\($0.file.path)\0\($0.file.digest)\n" }.sorted().joined()
            let image = StoredImage(
                schema: StoredImage.currentSchema, name: name, source: .imported(path: path.string),
                digest: ImageDigest.of(text.utf8), stored: now(), files: files.map(\.file), layers: [])
            try publish(image, files: files, layers: [], scratch: scratch)
            return image
        }
    }
}
