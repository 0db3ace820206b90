import KubernetesModel
import Testing

@testable import NodeAgent

/// What a file of the manifest folder asks for. Pure.
@Suite struct ManifestFolderTests {
    private static let instance = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: web}
        spec: {domain: {memory: {guest: 64Mi}, devices: {}}}
        """

    @Test("a VMI is assigned to this node, bears its file's mark, and says nothing of its status")
    func instance() throws {
        let source = ManifestFolder.source("web.yaml", Self.instance + "\nstatus: {phase: Running}", nodeName: "one")
        #expect(source.problems.isEmpty)
        let object = try #require(source.objects.first)
        #expect(object["metadata"]?["labels"]?["kubevirt.io/nodeName"]?.text == "one")
        #expect(object["metadata"]?["labels"]?[ManifestFolder.label]?.text == source.mark)
        #expect(object["metadata"]?["namespace"]?.text == "default")
        #expect(object["status"] == nil)
    }

    @Test("nothing of a file is taken where any of it is wrong")
    func broken() {
        let source = ManifestFolder.source(
            "web.yaml", Self.instance + "\n---\n" + Self.instance.replacing("64Mi", with: "many"), nodeName: "one")
        #expect(source.objects.isEmpty)
        #expect(source.problems.contains { $0.contains("spec.domain.memory.guest") }, "\(source.problems)")
    }

    @Test("Secrets and ConfigMaps are taken by a node that serves its own API, and by no other")
    func secrets() {
        let text = "{apiVersion: v1, kind: Secret, metadata: {name: seed}, stringData: {userdata: x}}"
        #expect(ManifestFolder.source("a.yaml", text, nodeName: "one").objects.count == 1)
        let refused = ManifestFolder.source("a.yaml", text, nodeName: "one", isLocal: false)
        #expect(refused.objects.isEmpty)
        #expect(refused.problems.contains { $0.contains("kind Secret") }, "\(refused.problems)")
    }

    @Test("two files have two marks, and a mark is a label's value")
    func marks() {
        let marks = ["a.yaml", "b.yaml", "a b/ü.yaml"].map { ManifestFolder.Source(file: $0).mark }
        #expect(Set(marks).count == 3)
        #expect(marks.allSatisfy { $0.count <= 63 && $0.allSatisfy { $0.isHexDigit } })
    }
}
