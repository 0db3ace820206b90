import Images
import KubeVirtModel
import KubernetesModel

/// The media that cloud-init reads in a guest.
struct CloudInit {
    private let preparer: DiskPreparer
    private let volume: String
    /// Bytes of user data or network data; KubeVirt allows 2 KiB inline, cloud providers 16 to 64 KiB.
    static let limit = 1 << 20

    init(_ preparer: DiskPreparer, _ volume: String) {
        self.preparer = preparer
        self.volume = volume
    }

    private var instance: VirtualMachineInstance { preparer.instance }
    private var hostname: String { instance.spec.hostname ?? String(instance.name.prefix { $0 != "." }) }

    /// NoCloud: `user-data`, `meta-data` and `network-config` on a medium labelled `cidata`.
    func noCloud(_ source: CloudInitSource) throws(DiskError) -> ISO9660Image {
        var metadata = [
            DocumentMember("instance-id", .string("\(instance.name).\(instance.namespace)")),
            DocumentMember("local-hostname", .string(hostname)),
        ]
        if let keys = try SSHKeys(preparer).metadata({ $0.noCloud != nil }) {
            metadata.append(DocumentMember("public-keys", keys))
        }
        var files = [
            ISO9660Image.File(path: "user-data", bytes: try userData(source) ?? []),
            ISO9660Image.File(path: "meta-data", bytes: try json(metadata)),
        ]
        if let network = try networkData(source) {
            files.append(ISO9660Image.File(path: "network-config", bytes: network))
        }
        return try image("cidata", files)
    }

    /// ConfigDrive: OpenStack's layout on a medium labelled `config-2`.
    func configDrive(_ source: CloudInitSource) throws(DiskError) -> ISO9660Image {
        var metadata = [
            DocumentMember("instance_id", .string("\(instance.name).\(instance.namespace)")),
            DocumentMember("uuid", .string(instance.metadata.uid ?? "")),
            DocumentMember("hostname", .string(hostname)),
            DocumentMember("local_hostname", .string(hostname)),
        ]
        if let keys = try SSHKeys(preparer).metadata({ $0.configDrive != nil }) {
            metadata.append(DocumentMember("public_keys", keys))
        }
        let folder = "openstack/latest"
        var files = [
            ISO9660Image.File(path: "\(folder)/meta_data.json", bytes: try json(metadata)),
            ISO9660Image.File(path: "\(folder)/user_data", bytes: try userData(source) ?? []),
        ]
        if let network = try networkData(source) {
            files.append(ISO9660Image.File(path: "\(folder)/network_data.json", bytes: network))
        }
        return try image("config-2", files)
    }

    private func json(_ members: [DocumentMember]) throws(DiskError) -> [UInt8] {
        try bounded(Array(DocumentWriter.json(.object(members), indent: nil).utf8))
    }

    private func bounded(_ bytes: [UInt8]) throws(DiskError) -> [UInt8] {
        guard bytes.count <= Self.limit else {
            throw .dataTooLarge(volume: volume, bytes: bytes.count, limit: Self.limit)
        }
        return bytes
    }

    private func image(_ label: String, _ files: [ISO9660Image.File]) throws(DiskError) -> ISO9660Image {
        do throws(ImageError) { return try ISO9660Image(volumeID: label, files: files) } catch {
            throw .medium(volume: volume, error)
        }
    }

    private func userData(_ source: CloudInitSource) throws(DiskError) -> [UInt8]? {
        try bytes(
            text: source.userData, base64: source.userDataBase64, field: "userDataBase64", secret: source.secretRef,
            keys: ["userdata", "userData"])
    }

    private func networkData(_ source: CloudInitSource) throws(DiskError) -> [UInt8]? {
        try bytes(
            text: source.networkData, base64: source.networkDataBase64, field: "networkDataBase64",
            secret: source.networkDataSecretRef, keys: ["networkdata", "networkData"])
    }

    private func bytes(
        text: String?, base64: String?, field: String, secret: LocalReference?, keys: [String]
    ) throws(DiskError) -> [UInt8]? {
        var bytes = text.map { Array($0.utf8) }
        if let base64 {
            guard let data = Base64.decode(base64) else { throw .notBase64(volume: volume, field: field) }
            bytes = data
        }
        if let secret {
            guard let object = preparer.objects.object(.secret, secret.name, namespace: instance.namespace) else {
                throw .objectMissing(
                    volume: volume, kind: "Secret", name: secret.name, namespace: instance.namespace)
            }
            guard let found = keys.compactMap({ object.data[$0] }).first else {
                throw .keyMissing(volume: volume, kind: "Secret", name: secret.name, keys: keys)
            }
            bytes = found
        }
        return try bytes.map(bounded)
    }
}
