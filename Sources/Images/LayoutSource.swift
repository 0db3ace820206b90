import SystemPackage

/// Reads the small files of an OCI layout: its index and the manifests it leads to, each checked by its digest.
struct LayoutSource: Sendable {
    let path: FilePath
    let image: String
    let limits: ImageLimits

    /// The digest of this platform's manifest, and its layers. Blocks.
    func resolve(_ cancellation: Cancellation) throws(ImageError) -> (ImageDigest, [OCIDescriptor]) {
        let files: [String: [UInt8]]? = (try? Stat(path))?.type == .regular ? try archived(cancellation) : nil
        guard let index = try read("index.json", files) else {
            throw .importRefused(path: path.string, reason: "it is neither an OCI layout nor an oci-archive")
        }
        guard case .index(let manifests) = try OCIManifest(index, image: image, limits: limits) else {
            throw .manifestUnreadable(image: image, reason: "its index.json names no manifests")
        }
        // An OCI layout may hold several images by name; only one may be meant.
        guard manifests.count == 1, var chosen = manifests.first else {
            throw .importRefused(
                path: path.string,
                reason: "it holds \(manifests.count) images: copy the one you mean with 'skopeo copy'")
        }
        for _ in 0..<2 {
            switch try OCIManifest(checked(chosen.digest, files), image: image, limits: limits) {
            case .image(let layers): return (chosen.digest, layers)
            case .index(let inner): chosen = try OCIManifest.choose(inner, image: image)
            }
        }
        throw .manifestUnreadable(image: image, reason: "its index names another index")
    }

    private func checked(_ digest: ImageDigest, _ files: [String: [UInt8]]?) throws(ImageError) -> [UInt8] {
        guard let bytes = try read("blobs/sha256/\(digest.hex)", files) else {
            throw .manifestUnreadable(image: image, reason: "the layout lacks the blob \(digest)")
        }
        guard ImageDigest.of(bytes) == digest else {
            throw .wrongDigest(image: image, reason: "its manifest is not \(digest)")
        }
        return bytes
    }

    private func read(_ name: String, _ files: [String: [UInt8]]?) throws(ImageError) -> [UInt8]? {
        if let files { return files[name] }
        let file = path.appending(name)
        guard (try? Stat(file))?.type == .regular else { return nil }
        return try FileSystem.read(file, limit: limits.manifestBytes + 1)
    }

    /// The files of an archive that can be manifests, by name; all that it holds is held against the limits, since
    /// skopeo unpacks it whole.
    private func archived(_ cancellation: Cancellation) throws(ImageError) -> [String: [UInt8]] {
        let reader = try ArchiveReader(path, image: image, layer: path.string)
        var budget = UnpackBudget(image: image, folder: path.removingLastComponent(), limits: limits)
        var files: [String: [UInt8]] = [:]
        while let entry = try reader.next() {
            try cancellation.check(image: image)
            try budget.countEntry(reader)
            let isSmall = entry.kind == .file && entry.size <= Int64(min(limits.manifestBytes, 1 << 20))
            var bytes: [UInt8] = []
            // SAFETY: each block is copied during the call that gives it.
            try unsafe reader.forEachBlock { block, _, reader throws(ImageError) in
                if isSmall { unsafe bytes.append(contentsOf: block) }
                try cancellation.check(image: image)
                try budget.check(packed: reader.packedBytes, unpacked: reader.unpackedBytes)
                guard reader.unpackedBytes <= limits.downloadBytes else {
                    throw .limitExceeded(
                        image: image, limit: .downloadBytes, found: reader.unpackedBytes, allowed: limits.downloadBytes)
                }
            }
            guard isSmall, files.count < 1000 else { continue }
            files[entry.name.hasPrefix("./") ? String(entry.name.dropFirst(2)) : entry.name] = bytes
        }
        return files
    }
}
