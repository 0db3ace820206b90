import SystemPackage

extension ImageStore {
    /// Brings an image here as its policy says, and returns it.
    ///
    /// An import under a name without a registry is taken under every policy: there is nobody to ask. `always` asks
    /// the registry for the manifest and downloads only what has changed; it fails where the registry does.
    /// Cancelling the task kills the download and leaves nothing.
    package func pull(
        _ reference: ImageReference, policy: ImagePullPolicy, credentials: RegistryCredentials? = nil,
        options: RegistryOptions = RegistryOptions(), progress: ImageProgressListener? = nil
    ) async throws(ImageError) -> StoredImage {
        if let present = try present(reference, policy: policy) { return present }
        guard policy != .never else { throw .notInStore(image: reference.written) }
        let name = reference.canonicalName
        let lock = try await FileLock.acquire(layout.lock(name), .exclusive, image: reference.written) {
            progress?(ImageProgress(phase: .waiting))
        }
        defer { lock.release() }
        // Another process may have done the work meanwhile.
        if let present = try present(reference, policy: policy) { return present }
        let scratch = try ScratchFolder(in: layout.tmp)
        defer { scratch.remove() }
        let pull = RegistryPull(
            store: self, reference: reference, scratch: scratch, progress: progress,
            access: try access(reference, credentials, options, scratch: scratch))
        return try await pull.run()
    }

    /// The image, if the policy lets it be used without asking the registry.
    private func present(
        _ reference: ImageReference, policy: ImagePullPolicy
    ) throws(ImageError) -> StoredImage? {
        guard let image = try image(reference) else { return nil }
        if policy != .always { return image }
        return image.source.isImport && reference.registry == nil ? image : nil
    }

    private func access(
        _ reference: ImageReference, _ credentials: RegistryCredentials?, _ options: RegistryOptions,
        scratch: ScratchFolder
    ) throws(ImageError) -> Skopeo.Access {
        guard let credentials else { return Skopeo.Access(options: options) }
        let file = scratch.path.appending("auth.json")
        try FileSystem.write(
            AuthFile.contents(credentials, for: reference), to: file, permissions: 0o600)
        return Skopeo.Access(options: options, authFile: file)
    }
}
