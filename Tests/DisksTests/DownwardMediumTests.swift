import DomainModel
import DomainPlan
import Images
import KubeVirtModel
import KubernetesModel
import Testing

@testable import Disks

@Suite struct DownwardMediumTests {
    let bench: DiskBench

    init() throws { bench = try DiskBench() }

    private func image(_ fields: String, labels: [String: String] = [:], annotations: [String: String] = [:]) throws
        -> ISO9660Image
    {
        var preparer = try bench.preparer(volumes: "{name: pod, downwardAPI: {\(fields)}}")
        preparer.instance.metadata.labels = labels
        preparer.instance.metadata.annotations = annotations
        let volume = try #require(preparer.instance.spec.volumes.first)
        return try #require(try preparer.medium(of: volume))
    }

    private func text(_ field: String, labels: [String: String] = [:], annotations: [String: String] = [:]) throws
        -> String
    {
        let image = try image(
            "fields: [{path: x, fieldRef: {fieldPath: \"\(field)\"}}]", labels: labels, annotations: annotations)
        return String(decoding: try #require(image.files.first).bytes, as: UTF8.self)
    }

    @Test(
        "a file says what the metadata say",
        arguments: [
            ("metadata.name", "web.one"), ("metadata.namespace", "shop"),
            ("metadata.uid", "5d307ca9-b3ef-428c-8861-06e72d69f223"), ("metadata.labels", "app=\"web\"\nzone=\"b\""),
            ("metadata.annotations", "note=\"a \\\"b\\\"\\n\""), ("metadata.labels['app']", "web"),
            ("metadata.annotations['note']", "a \"b\"\n"), ("metadata.labels['none']", ""),
        ])
    func fields(field: String, text: String) throws {
        #expect(
            try self.text(field, labels: ["zone": "b", "app": "web"], annotations: ["note": "a \"b\"\n"]) == text)
    }

    @Test("a VMI without labels has an empty file")
    func empty() throws { #expect(try text("metadata.labels") == "") }

    @Test(
        "values are written as Go quotes them",
        arguments: [
            ("plain ü 日本 🐧 ~", "\"plain ü 日本 🐧 ~\""), ("\\ \" '", "\"\\\\ \\\" '\""),
            ("\u{7}\u{8}\u{C}\n\r\t\u{B}", "\"\\a\\b\\f\\n\\r\\t\\v\""), ("\0\u{1B}\u{7F}", "\"\\x00\\x1b\\x7f\""),
            ("\u{A0}\u{200B}\u{2028}\u{E000}", "\"\\u00a0\\u200b\\u2028\\ue000\""),
            ("\u{E0001}\u{10FFFF}", "\"\\U000e0001\\U0010ffff\""), ("\r\n", "\"\\r\\n\""),
        ])
    func quotes(value: String, text: String) { #expect(DownwardMedium.quoted(value) == text) }

    @Test("a label is the volume's, or cfgdata; files lie in folders and have modes")
    func layout() throws {
        let fields =
            "fields: [{path: a/b, mode: 256, fieldRef: {fieldPath: metadata.name}}, {path: c, fieldRef: {fieldPath: metadata.uid}}]"
        let image = try image(fields)
        #expect(image.volumeID == "cfgdata")
        #expect(image.files.map(\.path) == ["a/b", "c"])
        #expect(image.files.map(\.mode) == [0o400, 0o644])
        #expect(try self.image("\(fields), volumeLabel: facts").volumeID == "facts")
    }

    @Test("a medium can be read")
    func medium() async throws {
        let disk = try await bench.disk(
            "{name: pod, downwardAPI: {fields: [{path: d/name, fieldRef: {fieldPath: metadata.name}}]}}")
        #expect(try await bench.files(on: disk.source.path) == ["d/name": "web.one"])
    }

    @Test(
        "what only a pod has is refused by name",
        arguments: [
            "spec.nodeName", "status.podIP", "metadata.label", "metadata.labels['']", "metadata.labels[app]",
            "metadata.name['x']", "",
        ])
    func unknown(field: String) async {
        let text = await problem { try self.text(field) }
        #expect(
            text
                == "volume pod: downwardAPI.fields[0].fieldRef.fieldPath: \"\(field)\" is not known here: write metadata.name, metadata.namespace, metadata.uid, metadata.labels or metadata.annotations, the last two also with ['KEY']"
        )
    }

    @Test("a resource of a container is refused")
    func resource() async {
        let text = await problem { try image("fields: [{path: x, resourceFieldRef: {resource: limits.cpu}}]").volumeID }
        #expect(
            text
                == "volume pod: downwardAPI.fields[0].resourceFieldRef: there is no pod whose resources it could name: remove it, or use fieldRef"
        )
    }
}
