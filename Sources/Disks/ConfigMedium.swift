import Images
import KubeVirtModel
import KubernetesModel

/// A ConfigMap or a Secret as a medium: each key a file.
struct ConfigMedium {
    private let preparer: DiskPreparer
    private let volume: String
    /// KubeVirt's label where a volume names none.
    static let standardLabel = "cfgdata"
    /// KubeVirt's label of the medium that Windows' installer reads.
    static let sysprepLabel = "unattendCD"
    /// The answers that the installer looks for, in any case of their letters: Windows does not tell them apart.
    private static let answerFiles = ["autounattend.xml", "unattend.xml"]

    init(_ preparer: DiskPreparer, _ volume: String) {
        self.preparer = preparer
        self.volume = volume
    }

    func image(
        _ kind: ConfigObject.Kind, _ name: String, optional: Bool?, label: String?
    ) throws(DiskError) -> ISO9660Image {
        try medium(label ?? Self.standardLabel, try data(kind, name, optional: optional ?? false))
    }

    /// `volumes[].sysprep`: all keys of the object are files, of which one must hold answers.
    func sysprep(_ source: SysprepSource) throws(DiskError) -> ISO9660Image {
        let kind: ConfigObject.Kind = source.secret != nil ? .secret : .configMap
        let name = (source.secret ?? source.configMap)?.name ?? ""
        let data = try data(kind, name, optional: nil)
        guard data.keys.contains(where: { Self.answerFiles.contains($0.lowercased()) }) else {
            throw .keyMissing(volume: volume, kind: kind.rawValue, name: name, keys: Self.answerFiles)
        }
        return try medium(Self.sysprepLabel, data)
    }

    /// The keys of the object; none where it is absent and `optional`, which is nil for what cannot be.
    private func data(
        _ kind: ConfigObject.Kind, _ name: String, optional: Bool?
    ) throws(DiskError) -> [String: [UInt8]] {
        let namespace = preparer.instance.namespace
        let object = preparer.objects.object(kind, name, namespace: namespace)
        guard object != nil || optional ?? false else {
            throw .objectMissing(
                volume: volume, kind: kind.rawValue, name: name, namespace: namespace, mayBeOptional: optional != nil)
        }
        return object?.data ?? [:]
    }

    private func medium(_ label: String, _ data: [String: [UInt8]]) throws(DiskError) -> ISO9660Image {
        do throws(ImageError) {
            return try ISO9660Image(
                volumeID: label, files: data.map { ISO9660Image.File(path: $0.key, bytes: $0.value) })
        } catch {
            throw .medium(volume: volume, error)
        }
    }
}
