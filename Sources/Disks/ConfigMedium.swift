import Images
import KubeVirtModel
import KubernetesModel

/// A ConfigMap or a Secret as a medium: each key a file.
struct ConfigMedium {
    private let preparer: DiskPreparer
    private let volume: Volume
    /// KubeVirt's label where a volume names none.
    private static let standardLabel = "cfgdata"

    init(_ preparer: DiskPreparer, _ volume: Volume) {
        self.preparer = preparer
        self.volume = volume
    }

    func image() throws(DiskError) -> ISO9660Image {
        let isSecret = volume.secret != nil
        let name = volume.secret?.secretName ?? volume.configMap?.name ?? ""
        let optional = volume.secret?.optional ?? volume.configMap?.optional ?? false
        let label = volume.secret?.volumeLabel ?? volume.configMap?.volumeLabel ?? Self.standardLabel
        let kind: ConfigObject.Kind = isSecret ? .secret : .configMap
        let namespace = preparer.instance.namespace
        let object = preparer.objects.object(kind, name, namespace: namespace)
        guard object != nil || optional else {
            throw .objectMissing(volume: volume.name, kind: kind.rawValue, name: name, namespace: namespace)
        }
        let data = object?.data ?? [:]
        do throws(ImageError) {
            return try ISO9660Image(
                volumeID: label, files: data.map { ISO9660Image.File(path: $0.key, bytes: $0.value) })
        } catch {
            throw .medium(volume: volume.name, error)
        }
    }
}
