import SystemPackage

extension ImageStore {
    /// The disk of a containerDisk, by KubeVirt's rule: the file at `path`, or the only one under /disk.
    ///
    /// Symbolic links do not count, since they name another file of the image.
    package func diskFile(of image: StoredImage, path: String? = nil) async throws(ImageError) -> ImageFile {
        guard let path else {
            let disks = image.files.filter { $0.path.hasPrefix("/disk/") && !$0.isLink }
            guard let disk = disks.first else { throw .noDisk(image: image.name) }
            guard disks.count == 1 else { throw .severalDisks(image: image.name, paths: disks.map(\.path).sorted()) }
            return try located(disk, of: image)
        }
        let file = try await storedFile(path, of: image)
        guard file.format == .plain else { return try located(file, of: image) }
        // Taken out as a plain file; it is judged now that it is to be a disk.
        let finding = try await BlockingWork.run { _ throws(ImageError) in
            try DiskProbe.judge(
                layout.disk(file.digest), size: file.size, path: file.path, image: image.name, limits: limits)
        }
        let disk = StoredImage.File(
            path: file.path, digest: file.digest, size: file.size, format: finding.format,
            virtualSize: finding.virtualSize, isLink: file.isLink)
        return try located(disk, of: image)
    }

    /// Any regular file of the image, such as a kernel or an initrd; taken out of the kept layers at its first use.
    package func file(of image: StoredImage, path: String) async throws(ImageError) -> ImageFile {
        try located(await storedFile(path, of: image), of: image)
    }

    private func storedFile(_ path: String, of image: StoredImage) async throws(ImageError) -> StoredImage.File {
        guard let parts = LayerTree.parts(of: path) else { throw .noSuchFile(image: image.name, path: path) }
        let path = "/" + parts.joined(separator: "/")
        if let file = image.files.first(where: { $0.path == path }) { return file }
        guard !image.layers.isEmpty else { throw .noSuchFile(image: image.name, path: path) }
        return try await extractFile(path, of: image)
    }

    private func located(_ file: StoredImage.File, of image: StoredImage) throws(ImageError) -> ImageFile {
        let path = layout.disk(file.digest)
        guard let status = try? Stat(path), status.size == file.size else {
            throw .blobMissing(image: image.name, path: path.string)
        }
        return ImageFile(
            path: path, imagePath: file.path, digest: file.digest, size: file.size, format: file.format,
            virtualSize: file.virtualSize)
    }
}
