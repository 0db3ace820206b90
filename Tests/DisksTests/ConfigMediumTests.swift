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
        let volume = try #require(preparer.instance.spec.volumes.first)
        let image = try #require(try preparer.medium(of: volume))
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
                == "volume conf: there is no \(kind) \"x\" in namespace shop: create it, or mark the volume optional"
        )
        let disk = try await bench.disk("{name: conf, \(source), optional: true}}")
        #expect(try await bench.files(on: disk.source.path).isEmpty)
    }

    @Test(
        "a sysprep medium holds the answers of Windows' installer, and all that lies beside them",
        arguments: ["Autounattend.xml", "unattend.XML"], ["configMap", "secret"])
    func sysprep(file: String, source: String) async throws {
        let (kind, data) = source == "secret" ? ("Secret", "stringData") : ("ConfigMap", "data")
        let preparer = try bench.preparer(
            volumes: "{name: win, sysprep: {\(source): {name: s}}}",
            objects:
                "{apiVersion: v1, kind: \(kind), metadata: {name: s, namespace: shop}, \(data): {\(file): '<x/>', run.ps1: go}}"
        )
        let volume = try #require(preparer.instance.spec.volumes.first)
        #expect(try preparer.medium(of: volume)?.volumeID == "unattendCD")
        let disk = try #require(try await preparer.disks(PreparedImages())["win"])
        #expect(try await bench.files(on: disk.source.path) == [file: "<x/>", "run.ps1": "go"])
    }

    @Test(
        "answers that are absent are told with what to add",
        arguments: [
            ("s", "volume win: ConfigMap \"s\" has none of the keys autounattend.xml, unattend.xml: add one"),
            ("t", "volume win: there is no ConfigMap \"t\" in namespace shop: create it"),
        ])
    func noAnswers(name: String, message: String) async {
        let text = await problem {
            try await bench.disk(
                "{name: win, sysprep: {configMap: {name: \(name)}}}",
                objects:
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: s, namespace: shop}, data: {my-unattend.xml: x, unattend.xml.bak: x}}"
            )
        }
        #expect(text == message)
    }

    @Test("what is wrong in an object is told before an image is fetched")
    func early() async throws {
        let preparer = try bench.preparer(
            volumes: "{name: root, containerDisk: {image: 'localhost:1/none:1'}}, {name: conf, secret: {secretName: x}}"
        )
        let text = await problem { try await preparer.images().disks.count }
        #expect(text.contains("there is no Secret \"x\""), "\(text)")
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
