import Images
import KubeVirtModel
import KubernetesModel
import Testing

@testable import Disks

@Suite struct SSHKeysTests {
    let bench: DiskBench

    init() throws { bench = try DiskBench() }

    private static let secrets = """
        {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, stringData: {b: "key3 c@d", a: "key1 x\\n\\n# note\\n  key2 y \\r\\n"}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: t, namespace: shop}, stringData: {k: key4}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: none, namespace: shop}, stringData: {k: "# none\\n"}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: binary, namespace: shop}, data: {k: /w==}}
        """

    /// The metadata of the medium that a VMI with these credentials has: pairs of a method and a Secret.
    private func metadata(_ volume: String, _ credentials: [(String, String)]) throws -> String {
        let listed = credentials.map { method, secret in
            "{sshPublicKey: {propagationMethod: {\(method): {}}, source: {secret: {secretName: \(secret)}}}}"
        }
        let preparer = try bench.preparer(
            volumes: "{name: seed, \(volume): {userData: x}}, {name: other, \(Self.other(volume)): {userData: x}}",
            objects: Self.secrets, hostname: ", accessCredentials: [\(listed.joined(separator: ", "))]")
        let seed = try #require(preparer.instance.spec.volumes.first)
        let image = try #require(try preparer.medium(of: seed))
        let file = try #require(image.files.first { $0.path.hasSuffix("meta-data") || $0.path.hasSuffix(".json") })
        return String(decoding: file.bytes, as: UTF8.self)
    }

    private static func other(_ volume: String) -> String {
        volume == "cloudInitNoCloud" ? "cloudInitConfigDrive" : "cloudInitNoCloud"
    }

    @Test("every line of a Secret's values is a key of NoCloud's meta-data")
    func noCloud() throws {
        #expect(
            try metadata("cloudInitNoCloud", [("noCloud", "s")])
                == #"{"instance-id":"web.one.shop","local-hostname":"web","public-keys":{"0":"key1 x","1":"key2 y","2":"key3 c@d"}}"#
        )
    }

    @Test("keys of several Secrets stand in ConfigDrive's meta_data.json, one after the other")
    func configDrive() throws {
        let text = try metadata("cloudInitConfigDrive", [("configDrive", "t"), ("configDrive", "s")])
        #expect(
            text.hasSuffix(#""public_keys":{"0":"key4","1":"key1 x","2":"key2 y","3":"key3 c@d"}}"#), "\(text)")
    }

    @Test("a medium brings the keys of its own method only")
    func methods() throws {
        let both = [("noCloud", "t"), ("configDrive", "s")]
        #expect(try metadata("cloudInitNoCloud", both).contains(#""public-keys":{"0":"key4"}"#))
        #expect(!(try metadata("cloudInitNoCloud", [("configDrive", "s")])).contains("public"))
        #expect(!(try metadata("cloudInitConfigDrive", [("noCloud", "s")])).contains("public"))
    }

    @Test(
        "a Secret without keys is told by field",
        arguments: [
            (
                "absent",
                "there is no Secret \"absent\" in namespace shop: create it, or remove the credential"
            ),
            ("none", "Secret \"none\" holds no public key: add one, or remove the credential"),
            ("binary", "key \"k\" of Secret \"binary\" is no text in UTF-8: write public keys, one a line"),
        ])
    func wrong(secret: String, message: String) async {
        let text = await problem { try metadata("cloudInitNoCloud", [("noCloud", "t"), ("noCloud", secret)]) }
        #expect(text == "spec.accessCredentials[1].sshPublicKey.source.secret.secretName: \(message)")
    }
}
