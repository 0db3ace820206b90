import DomainModel
import DomainPlan
import Images
import KubeVirtModel
import Testing

@testable import Disks

@Suite struct ConfigMediumTests {
    let bench: DiskBench

    init() throws { bench = try DiskBench() }

    @Test("a config map is a medium on which each key is a file")
    func configMap() async throws {
        let disk = try await bench.disk(
            "{name: conf, configMap: {name: c}}",
            objects:
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {app.conf: 'x=1', Empty: ''}, binaryData: {b: QUI=}}"
        )
        #expect(try await bench.files(on: disk.source.path) == ["app.conf": "x=1", "Empty": "", "b": "AB"])
    }

    @Test("a label is the volume's, or cfgdata", arguments: [("", "cfgdata"), (", volumeLabel: MY_conf", "MY_conf")])
    func label(option: String, label: String) throws {
        let preparer = try bench.preparer(
            volumes: "{name: conf, secret: {secretName: s\(option)}}",
            objects: "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, data: {k: QQ==}}")
        let image = try ConfigMedium(preparer, try #require(preparer.instance.spec.volumes.first)).image()
        #expect(image.volumeID == label)
        #expect(image.files.map(\.bytes) == [[65]])
    }

    @Test(
        "an object that is absent is told, unless the volume is optional",
        arguments: [("secret: {secretName: x", "Secret"), ("configMap: {name: x", "ConfigMap")])
    func absent(source: String, kind: String) async throws {
        let text = await problem { try await bench.disk("{name: conf, \(source)}}") }
        #expect(
            text
                == "volume conf: there is no \(kind) \"x\" in namespace shop: add it to the file, or mark the volume optional"
        )
        let disk = try await bench.disk("{name: conf, \(source), optional: true}}")
        #expect(try await bench.files(on: disk.source.path).isEmpty)
    }

    @Test("a key that would leave the medium is refused", arguments: ["../x", "/etc/x", "a/../../x", "a\\b"])
    func escapes(key: String) async {
        let text = await problem {
            try await bench.disk(
                "{name: conf, configMap: {name: c}}",
                objects: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {'\(key)': x}}")
        }
        #expect(text == "volume conf: its medium cannot be written")
    }
}
