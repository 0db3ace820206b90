import FoundationEssentials
import SystemPackage

/// One pull from a registry, under the lock of its name: resolve, download by digest, unpack, publish.
struct RegistryPull: Sendable {
    let store: ImageStore
    let reference: ImageReference
    let scratch: ScratchFolder
    let progress: ImageProgressListener?
    let access: Skopeo.Access

    /// What the registry has under the name.
    private struct Resolved: Sendable {
        /// Digest of what the name points at.
        let digest: ImageDigest
        /// Digest of this platform's manifest; the same unless there is an index.
        let manifest: ImageDigest
        let layers: [OCIDescriptor]
        var bytes: Int64 { layers.reduce(0) { $0 + $1.size } }
    }

    func run() async throws(ImageError) -> StoredImage {
        progress?(ImageProgress(phase: .resolving))
        let name = reference.canonicalName
        let bytes = try await skopeo.manifest(
            reference.transport(pinnedTo: nil), access, limit: store.limits.manifestBytes)
        let digest = ImageDigest.of(bytes)
        if let expected = reference.digest, expected != digest {
            throw .wrongDigest(image: reference.written, reason: "the registry sent \(digest)")
        }
        if let known = try known(digest) {
            if known.name == name { return known }
            if let adopted = try await adopt(known, as: name) { return adopted }
        }
        let resolved = try await resolve(bytes, digest)
        try UnpackBudget.requireSpace(
            resolved.bytes, image: reference.written, folder: store.folder, limits: store.limits)
        let folder = scratch.path.appending("download")
        try await download(resolved, to: folder)
        return try await unpack(resolved, from: folder, name: name)
    }

    private var skopeo: Skopeo {
        Skopeo(program: store.skopeo, image: reference.written, registry: reference.canonicalRegistry)
    }

    /// An image of the same digest that is here, the one of this very name first.
    private func known(_ digest: ImageDigest) throws(ImageError) -> StoredImage? {
        let mine = try store.layout.load(reference.canonicalName)
        if let mine, mine.digest == digest, !mine.source.isImport, store.layout.isComplete(mine) { return mine }
        return try store.list().first { image in
            image.digest == digest && !image.source.isImport && store.layout.isComplete(image)
        }
    }

    /// Keeps an image that is here under one more name; the registry has just shown that it may be read by it.
    ///
    /// Nil where its blobs were pruned between the look and the record.
    private func adopt(_ image: StoredImage, as name: String) async throws(ImageError) -> StoredImage? {
        let copy = StoredImage(
            schema: StoredImage.currentSchema, name: name, source: .registry(name: name), digest: image.digest,
            stored: store.now(), files: image.files, layers: image.layers)
        let isPublished = try await BlockingWork.run { _ throws(ImageError) in
            try store.publish(copy, files: [], layers: [], scratch: scratch)
            return store.layout.isComplete(copy)
        }
        return isPublished ? copy : nil
    }

    private func resolve(_ bytes: [UInt8], _ digest: ImageDigest) async throws(ImageError) -> Resolved {
        let image = reference.written
        switch try OCIManifest(bytes, image: image, limits: store.limits) {
        case .image(let layers): return Resolved(digest: digest, manifest: digest, layers: layers)
        case .index(let manifests):
            let chosen = try OCIManifest.choose(manifests, image: image)
            let inner = try await skopeo.manifest(
                reference.transport(pinnedTo: chosen.digest), access, limit: store.limits.manifestBytes)
            guard ImageDigest.of(inner) == chosen.digest else {
                throw .wrongDigest(image: image, reason: "its manifest is not \(chosen.digest)")
            }
            guard case .image(let layers) = try OCIManifest(inner, image: image, limits: store.limits) else {
                throw .manifestUnreadable(image: image, reason: "its index names another index")
            }
            return Resolved(digest: digest, manifest: chosen.digest, layers: layers)
        }
    }

    /// Downloads by digest, so that a tag that moves meanwhile changes nothing.
    private func download(_ resolved: Resolved, to folder: FilePath) async throws(ImageError) {
        // The configuration is the only blob beside the layers, and small.
        let largest = max(resolved.layers.map(\.size).max() ?? 0, Int64(store.limits.manifestBytes))
        let source = reference.transport(pinnedTo: resolved.manifest)
        try await DownloadWatch(folder: folder, totalBytes: resolved.bytes, progress: progress).during {
            () async throws(ImageError) in
            try await skopeo.copy(source, to: folder, access, temporary: scratch.path, fileBytes: largest)
        }
        let manifest = try FileSystem.read(folder.appending("manifest.json"), limit: store.limits.manifestBytes + 1)
        guard ImageDigest.of(manifest) == resolved.manifest else {
            throw .wrongDigest(image: reference.written, reason: "its manifest is not \(resolved.manifest)")
        }
    }

    private func unpack(
        _ resolved: Resolved, from folder: FilePath, name: String
    ) async throws(ImageError) -> StoredImage {
        let layers = resolved.layers.map { layer in
            LayerSource(digest: layer.digest, path: folder.appending(layer.digest.hex), size: layer.size)
        }
        return try await store.storeLayers(
            layers, as: name, image: reference.written, source: .registry(name: name), digest: resolved.digest,
            scratch: scratch, progress: progress)
    }
}
