package import DomainModel
package import DomainPlan
package import Images
package import KubeVirtModel
import KubernetesModel
package import SystemPackage

/// Makes a VMI's volumes ready: fetches images, lays overlays over them, writes media.
///
/// Everything it makes lies in `folder`, the VM's own; removing that folder undoes all of it. Files of the host
/// (`hostDisk`, claims) are used in place and stay.
package struct DiskPreparer: Sendable {
    package var instance: VirtualMachineInstance
    package var objects: Manifest
    package var store: ImageStore
    package var registry: RegistryOptions
    /// The VM's own folder, which exists and which QEMU may enter.
    package var folder: FilePath
    /// Where claims lie on a host without a cluster: `NAMESPACE/NAME/disk.img`.
    package var claims: FilePath
    /// Whom the files must belong to; QEMU runs as root where nil.
    package var owner: SecurityLabel?
    package var progress: (@Sendable (String, ImageProgress) -> Void)?

    package init(
        instance: VirtualMachineInstance, objects: Manifest, store: ImageStore, registry: RegistryOptions,
        folder: FilePath, claims: FilePath, owner: SecurityLabel?,
        progress: (@Sendable (String, ImageProgress) -> Void)? = nil
    ) {
        self.instance = instance
        self.objects = objects
        self.store = store
        self.registry = registry
        self.folder = folder
        self.claims = claims
        self.owner = owner
        self.progress = progress
    }

    /// Fetches the images of all volumes and of the kernel; the part of the work that may take minutes. What is wrong
    /// in the objects of the other volumes is told before.
    package func images() async throws(DiskError) -> PreparedImages {
        for volume in instance.spec.volumes { _ = try medium(of: volume) }
        var images = PreparedImages()
        for volume in instance.spec.volumes {
            guard let source = volume.containerDisk else { continue }
            let policy = source.imagePullPolicy ?? .ifNotPresent
            let image = try await pull(source.image, policy, source.imagePullSecret, volume: volume.name)
            do throws(ImageError) {
                images.disks[volume.name] = try await store.diskFile(of: image, path: source.path)
            } catch {
                throw .image(volume: volume.name, error)
            }
        }
        if let container = instance.spec.domain.firmware?.kernelBoot?.container {
            images.kernel = try await kernel(container)
        }
        return images
    }

    /// Makes every volume ready, each beside the others.
    package func disks(_ images: PreparedImages) async throws(DiskError) -> [String: PreparedDisk] {
        let result = await withTaskGroup(of: (String, Result<PreparedDisk, DiskError>).self) { group in
            for volume in instance.spec.volumes {
                group.addTask { (volume.name, await self.result(volume, images)) }
            }
            var disks: [String: PreparedDisk] = [:]
            for await (name, result) in group {
                switch result {
                case .success(let disk): disks[name] = disk
                case .failure(let error): return Result<[String: PreparedDisk], DiskError>.failure(error)
                }
            }
            return .success(disks)
        }
        return try result.get()
    }

    private func result(_ volume: Volume, _ images: PreparedImages) async -> Result<PreparedDisk, DiskError> {
        do throws(DiskError) { return .success(try await disk(volume, images)) } catch { return .failure(error) }
    }

    private func disk(_ volume: Volume, _ images: PreparedImages) async throws(DiskError) -> PreparedDisk {
        var disk = try await unmeasured(volume, images)
        disk.blockIO = blockIO(volume.name, FilePath(disk.source.path))
        return disk
    }

    private func unmeasured(_ volume: Volume, _ images: PreparedImages) async throws(DiskError) -> PreparedDisk {
        if let image = images.disks[volume.name] { return try await containerDisk(volume.name, image) }
        if let source = volume.emptyDisk { return try await emptyDisk(volume.name, source) }
        if let source = volume.hostDisk { return try hostDisk(volume.name, source) }
        if let claim = volume.persistentVolumeClaim { return try claimDisk(volume.name, claim) }
        if let claim = volume.ephemeral?.persistentVolumeClaim { return try await ephemeral(volume.name, claim) }
        guard let image = try medium(of: volume) else {
            throw .notPrepared(volume: volume.name, source: volume.sources.first ?? "a volume without a source")
        }
        return try medium(volume.name, image)
    }

    /// The medium that a volume is; nil for one that is a disk.
    func medium(of volume: Volume) throws(DiskError) -> ISO9660Image? {
        if let source = volume.cloudInitNoCloud { return try CloudInit(self, volume.name).noCloud(source) }
        if let source = volume.cloudInitConfigDrive { return try CloudInit(self, volume.name).configDrive(source) }
        if let source = volume.configMap {
            return try ConfigMedium(self, volume.name).image(
                .configMap, source.name, optional: source.optional, label: source.volumeLabel)
        }
        if let source = volume.secret {
            return try ConfigMedium(self, volume.name).image(
                .secret, source.secretName, optional: source.optional, label: source.volumeLabel)
        }
        if let source = volume.sysprep { return try ConfigMedium(self, volume.name).sysprep(source) }
        if let source = volume.downwardAPI { return try DownwardMedium(instance, volume.name).image(source) }
        return nil
    }

    func pull(
        _ image: String, _ policy: KubeVirtModel.ImagePullPolicy, _ secret: String?, volume: String
    ) async throws(DiskError) -> StoredImage {
        var credentials: RegistryCredentials?
        if let secret { credentials = try registryCredentials(secret, volume: volume) }
        let report = progress
        do throws(ImageError) {
            return try await store.pull(
                ImageReference(image), policy: Self.policy(policy), credentials: credentials, options: registry,
                progress: { report?(image, $0) })
        } catch {
            throw .image(volume: volume, error)
        }
    }

    private static func policy(_ policy: KubeVirtModel.ImagePullPolicy) -> Images.ImagePullPolicy {
        switch policy {
        case .always: .always
        case .ifNotPresent: .ifNotPresent
        case .never: .never
        }
    }

    private func registryCredentials(_ name: String, volume: String) throws(DiskError) -> RegistryCredentials {
        guard let secret = objects.object(.secret, name, namespace: instance.namespace) else {
            throw .objectMissing(volume: volume, kind: "Secret", name: name, namespace: instance.namespace)
        }
        let keys = [".dockerconfigjson", ".dockercfg"]
        guard let bytes = keys.compactMap({ secret.data[$0] }).first else {
            throw .keyMissing(volume: volume, kind: "Secret", name: name, keys: keys)
        }
        return .dockerConfig(bytes)
    }

    private func kernel(_ container: KernelBootContainer) async throws(DiskError) -> PreparedKernel? {
        guard let kernelPath = container.kernelPath else { return nil }
        let image = try await pull(
            container.image, container.imagePullPolicy ?? .ifNotPresent, container.imagePullSecret, volume: "kernelBoot"
        )
        do throws(ImageError) {
            let kernel = try await store.file(of: image, path: kernelPath)
            guard let initrdPath = container.initrdPath else {
                return PreparedKernel(kernel: kernel.path.string, initrd: nil)
            }
            let initrd = try await store.file(of: image, path: initrdPath)
            return PreparedKernel(kernel: kernel.path.string, initrd: initrd.path.string)
        } catch {
            throw .image(volume: "kernelBoot", error)
        }
    }
}

/// The images of a VMI as files in the store.
package struct PreparedImages: Sendable {
    package var disks: [String: ImageFile] = [:]
    package var kernel: PreparedKernel?

    package init() {}
}
