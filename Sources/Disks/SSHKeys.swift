import KubeVirtModel
import KubernetesModel

/// The public keys of `spec.accessCredentials` that a medium for cloud-init brings.
struct SSHKeys {
    private let preparer: DiskPreparer

    init(_ preparer: DiskPreparer) { self.preparer = preparer }

    /// The keys in the form of cloud-init's metadata, numbered from 0; nil where no credential is propagated so.
    ///
    /// Every value of a Secret is a text with one key a line, as `authorized_keys` has them.
    func metadata(
        _ isPropagated: (SSHPublicKeyPropagation) -> Bool
    ) throws(DiskError) -> DocumentNode? {
        var keys: [String] = []
        for (index, credential) in preparer.instance.spec.accessCredentials.enumerated() {
            guard let credential = credential.sshPublicKey, isPropagated(credential.propagationMethod) else { continue }
            keys += try self.keys(of: credential.source.secret?.secretName ?? "", index: index)
        }
        guard !keys.isEmpty else { return nil }
        return .object(keys.enumerated().map { DocumentMember("\($0)", .string($1)) })
    }

    private func keys(of secret: String, index: Int) throws(DiskError) -> [String] {
        let field = "spec.accessCredentials[\(index)].sshPublicKey.source.secret.secretName"
        guard let object = preparer.objects.object(.secret, secret, namespace: preparer.instance.namespace) else {
            throw .credentialMissing(field: field, secret: secret, namespace: preparer.instance.namespace)
        }
        var keys: [String] = []
        for (key, bytes) in object.data.sorted(by: { $0.key < $1.key }) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .credentialNotText(field: field, secret: secret, key: key)
            }
            keys += text.split(whereSeparator: \.isNewline).map(Self.trimmed).filter {
                !$0.isEmpty && !$0.hasPrefix("#")
            }
        }
        guard !keys.isEmpty else { throw .credentialEmpty(field: field, secret: secret) }
        return keys
    }

    private static func trimmed(_ line: Substring) -> String {
        var line = line.drop(while: \.isWhitespace)
        while line.last?.isWhitespace ?? false { line.removeLast() }
        return String(line)
    }
}
