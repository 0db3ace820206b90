import Images
import KubernetesModel
import Testing

@testable import NodeAgent

@Suite struct DumpContentsTests {
    @Test("an object keeps its shape and loses what its owner would not show")
    func redaction() throws {
        let text = """
            {"kind": "List", "items": [
             {"kind": "VirtualMachineInstance",
              "metadata": {"name": "a", "managedFields": [{"manager": "x"}], "annotations": {
               "kubectl.kubernetes.io/last-applied-configuration": "userData: planted", "example.org/note": "planted",
               "kubevirt.io/memfd": "false", "kubevirt.io/ignitiondata": "planted"}},
              "spec": {"volumes": [{"name": "seed", "cloudInitNoCloud": {
               "userData": "planted", "networkDataBase64": "cGxhbnRlZCB0b28=", "secretRef": {"name": "seed"}}}]}},
             {"kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "planted"}, "stringData": {"k": "planted"}}]}
            """
        let document = try #require(try DocumentReader().read(text).first)
        let redacted = DocumentRedaction.redacted(document)
        let shown = DocumentWriter.json(redacted)
        #expect(!shown.contains("planted") && !shown.contains("cGxhbnRlZCB0b28=") && !shown.contains("manager"))
        let instance = try #require(redacted["items"]?.elements.first)
        #expect(instance[["metadata", "annotations", "kubevirt.io/memfd"]]?.text == "false")
        #expect(instance[["metadata", "annotations", "example.org/note"]]?.text == "REMOVED (7 bytes)")
        let seed = try #require(instance[["spec", "volumes"]]?.elements.first?["cloudInitNoCloud"])
        #expect(seed["userData"]?.text == "REMOVED (7 bytes)")
        #expect(seed[["secretRef", "name"]]?.text == "seed")
        #expect(Set(DocumentRedaction.secrets(in: document)) == ["planted", "cGxhbnRlZCB0b28=", "planted too"])
    }

    @Test("the index names each file, and what could not be had and why, without secrets either")
    func index() throws {
        var contents = DumpContents()
        contents.scrubber.learn("planted-secret")
        contents.add("a/b.txt", "an example", "before planted-secret after\n")
        contents.add("../../etc/x y", "one that climbs", "")
        var other = DumpContents()
        other.lacks("the API", "it said planted-secret")
        other.scrubber.learn("another-one")
        contents.append(other)
        contents.add("c.txt", "later", "another-one")
        let files = contents.files(below: "dump", heading: "virt-node 1")
        #expect(files.map(\.path) == ["dump/INDEX.txt", "dump/a/b.txt", "dump/_/_/etc/x_y", "dump/c.txt"])
        let texts = files.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts[1...] == ["before REMOVED after\n", "", "REMOVED"])
        #expect(
            texts[0] == """
                virt-node 1

                Secrets are taken out: REMOVED stands for one.

                What is here

                a/b.txt      21        an example
                _/_/etc/x_y  0         one that climbs
                c.txt        7         later

                What could not be had

                the API: it said REMOVED

                """)
    }
}
