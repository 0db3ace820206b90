package import FoundationEssentials
package import SystemPackage

/// The images on this node: a folder that several processes use at once, with no state in memory.
///
/// Owns the folder that `StoreLayout` describes. Blobs are named by their digest and never change; a record is one
/// small file that names them. The way of an image:
///
///     absent ──pull/import──▶ scratch folder ──rename blobs, then record──▶ stored ──remove──▶ blobs without a name
///                │ error, cancellation: scratch removed                                          │ prune
///                ▼ kill -9: scratch is swept by the next store or prune                          ▼ gone
///
/// Synchronization: a value; what guards the folder are flocks. One for each name lets two pulls do the work once.
/// One for the whole store is shared while blobs and record are published and exclusive while blobs are removed, so
/// that a blob is never removed between being found and being named. Readers take no lock: records and blobs appear
/// by rename.
package struct ImageStore: Sendable {
    let layout: StoreLayout
    package let limits: ImageLimits
    /// The program that speaks to registries.
    let skopeo: String
    /// Who unpacks; nil for this process itself.
    let helper: UnpackHelper?
    let now: @Sendable () -> Date

    package var folder: FilePath { layout.folder }

    /// Opens the store in a folder, makes it where there is none, and removes what killed processes left.
    package init(
        folder: FilePath, limits: ImageLimits = ImageLimits(), skopeo: String = "skopeo", helper: UnpackHelper? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(ImageError) {
        layout = StoreLayout(folder: folder)
        self.limits = limits
        self.skopeo = skopeo
        self.helper = helper
        // Records hold whole seconds; so does what is returned beside them.
        self.now = { Date(timeIntervalSince1970: now().timeIntervalSince1970.rounded(.down)) }
        try layout.create()
        _ = try ScratchFolder.sweep(layout.tmp)
    }

    /// The image a VMI names: first an import under the name as written, then what was pulled under its full name.
    ///
    /// Nil where there is none, or where blobs of it are lost.
    package func image(_ reference: ImageReference) throws(ImageError) -> StoredImage? {
        for name in [reference.localName, reference.canonicalName] {
            if let image = try layout.load(name), layout.isComplete(image) { return image }
        }
        return nil
    }

    /// All images by name.
    package func list() throws(ImageError) -> [StoredImage] { try layout.loadAll() }

    /// Forgets a name. Its blobs stay until `prune`, since running VMs may use them.
    ///
    /// Throws `ImageError.noSuchImage` where the name is not kept.
    package func remove(_ name: String) async throws(ImageError) {
        let reference = try ImageReference(name)
        for name in [reference.localName, reference.canonicalName] {
            guard try layout.load(name) != nil else { continue }
            let lock = try await FileLock.acquire(layout.lock(name), .exclusive, image: name)
            defer { lock.release(removingFile: true) }
            if try FileSystem.unlink(layout.record(name)) { return }
        }
        throw .noSuchImage(name: name)
    }
}
