import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct ManifestTests {
    @Test("VMIs, secrets and config maps are read from many documents and files")
    func many() {
        let reader = Manifests.read(
            Manifests.instance(name: "a") + "---\n" + Manifests.instance(name: "b"),
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: other}\nstringData: {k: v}\n---\n"
                + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n")
        #expect(reader.issues.isEmpty)
        #expect(!reader.hasErrors)
        #expect(reader.manifest.instances.map(\.qualifiedName) == ["default/a", "default/b"])
        #expect(reader.manifest.object(.secret, "s", namespace: "other")?.data["k"] == Array("v".utf8))
        #expect(reader.manifest.object(.secret, "s", namespace: "default") == nil)
        #expect(reader.manifest.object(.configMap, "c", namespace: "default") != nil)
        #expect(reader.manifest.object(.secret, "c", namespace: "default") == nil)
    }

    @Test("a list is read item by item, in JSON too")
    func list() {
        let item =
            #"{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"N"},"spec":{"domain":{"devices":{},"memory":{"guest":"64Mi"}}}}"#
        let items = ["a", "b"].map { item.replacing("\"N\"", with: "\"\($0)\"") }.joined(separator: ",")
        let reader = Manifests.read(#"{"apiVersion":"v1","kind":"List","items":[\#(items)]}"#)
        #expect(reader.issues.isEmpty)
        #expect(reader.manifest.instances.map(\.name) == ["a", "b"])
    }

    @Test("a list without items is told", arguments: ["", "items: {}\n", "items: 5\n"])
    func emptyList(items: String) {
        #expect(
            Manifests.issues("apiVersion: v1\nkind: List\n\(items)") == [
                "items: is missing, or no list: write the objects below it"
            ])
    }

    @Test(
        "what is no VMI, secret or config map is told with what to write",
        arguments: [
            ("a: 1", "kind: is missing: a VMI has kind: VirtualMachineInstance"),
            (
                "kind: VirtualMachine\napiVersion: kubevirt.io/v1",
                "spec.template: is missing, or no object: write the VMI's metadata and spec below it"
            ),
            (
                "kind: VirtualMachinePool\napiVersion: kubevirt.io/v1",
                "apiVersion: \"kubevirt.io/v1\" is no version of a VirtualMachinePool: write pool.kubevirt.io/v1beta1"
            ),
            (
                "kind: VirtualMachineInstanceList\napiVersion: v1",
                "apiVersion: \"v1\" is no version of a VirtualMachineInstanceList: write kubevirt.io/v1"
            ),
            ("kind: ''", "kind: is missing: a VMI has kind: VirtualMachineInstance"),
            (
                "kind: VirtualMachineInstance\napiVersion: v1",
                "apiVersion: \"v1\" is no version of a VirtualMachineInstance: write kubevirt.io/v1"
            ),
            ("", "the file holds no object"), ("# nothing\n---\n", "the file holds no object"),
            ("5", "kind: is missing: a VMI has kind: VirtualMachineInstance"),
        ])
    func strangers(text: String, issue: String) { #expect(Manifests.issues(text) == [issue]) }

    @Test(
        "objects that nothing here needs are a warning, and the VMIs beside them are read",
        arguments: [
            "PersistentVolumeClaim", "Service", "Namespace", "DataVolume", "Pod", "PriorityClass",
            "NetworkAttachmentDefinition", "PodList", "ListList",
        ])
    func bystanders(kind: String) {
        let reader = Manifests.read("apiVersion: v1\nkind: \(kind)\nmetadata: {name: x}\n---\n" + Manifests.instance())
        #expect(reader.issues.map { "\($0.issue)" } == ["kind: \"\(kind)\" is not used here, and left out"])
        #expect(!reader.hasErrors)
        #expect(reader.manifest.instances.map(\.name) == ["web"])
    }

    @Test("a kind of a million letters is neither read nor repeated in full")
    func longKind() throws {
        let reader = Manifests.read("kind: " + String(repeating: "List", count: 250_000))
        #expect(try #require(reader.issues.first).issue.message.utf8.count < 150)
    }

    @Test("what cannot be read hides no other error, and nothing is said twice")
    func unreadable() {
        #expect(
            Manifests.issues(
                Manifests.instance(
                    spec: """
                        hostname: -x
                        domain:
                          memory: {guest: much}
                          devices: {interfaces: [{name: net}], disks: {}}
                        networks: [{name: net, pod: {}}, {name: net, pod: {}}]
                        """)
            ).map { $0.split(separator: ":")[0] } == [
                "spec.domain.memory.guest", "spec.domain.devices.disks", "spec.hostname", "spec.networks[1].name",
            ])
        // Places of a list count wrongly once one of its elements is gone, so nothing is said about them.
        #expect(
            Manifests.issues(Manifests.domain("", spec: "hostname: -x\nvolumes: [5, {name: -}]")) == [
                "spec.volumes[0]: 5 is not an object"
            ])
    }

    @Test("an issue names the file, the object and the line")
    func places() throws {
        let reader = Manifests.read(
            Manifests.instance(),
            "kind: VirtualMachineInstance\napiVersion: kubevirt.io/v1\nmetadata:\n  name: bad\nspec:\n  domain:\n    devices: {}\n    cpu:\n      cores: 1000\n    memory:\n      guest: 1Gi\n"
        )
        let issue = try #require(reader.issues.first)
        #expect(reader.issues.count == 1)
        #expect(issue.file == "1.yaml")
        #expect(issue.object == "default/bad")
        #expect(issue.issue.path == "spec.domain.cpu")
        #expect(issue.issue.position?.line == 8)
    }

    @Test("a broken text is told with its line, and the other files are read")
    func broken() throws {
        let reader = Manifests.read("kind: [\n", Manifests.instance())
        #expect(reader.issues.map(\.file) == ["0.yaml"])
        #expect(try #require(reader.issues.first).issue.message.hasPrefix("this is not YAML: "))
        #expect(reader.issues.first?.issue.position != nil)
        #expect(reader.manifest.instances.count == 1)
    }

    @Test("an error after good documents is not lost")
    func brokenEnd() {
        let reader = Manifests.read(Manifests.instance() + "---\nkind: 'open\n")
        #expect(reader.hasErrors)
    }

    @Test("two VMIs of one name are an error, and of two namespaces are not")
    func twins() {
        let text = Manifests.instance(name: "a")
        #expect(
            Manifests.issues(text + "---\n" + text) == [
                "metadata.name: \"a\" is used twice in namespace default: give each VMI a name of its own"
            ])
        #expect(Manifests.issues(text + "---\n" + text.replacing("{name: a}", with: "{name: a, namespace: b}")).isEmpty)
    }

    @Test("all errors of a VMI are told at once, in the order of its fields")
    func collects() {
        let paths = Manifests.read(
            Manifests.instance(
                name: "Bad_Name",
                spec: """
                    architecture: arm64
                    hostname: -x
                    terminationGracePeriodSeconds: -1
                    domain:
                      memory: {guest: 1Ki}
                      cpu: {sockets: 300}
                      machine: {type: i440fx}
                      firmware: {uuid: x, bootloader: {bios: {}, efi: {}}}
                      devices:
                        disks:
                        - {name: a}
                        - {name: a}
                        interfaces:
                        - {name: net, macAddress: "zz"}
                    volumes:
                    - {name: v}
                    - {name: v, emptyDisk: {capacity: 1Ki}}
                    networks:
                    - {name: m, pod: {}}
                    """)
        ).issues.map(\.issue.path)
        #expect(
            paths == [
                "metadata.name", "spec.architecture", "spec.hostname", "spec.terminationGracePeriodSeconds",
                "spec.domain.memory.guest", "spec.domain.cpu", "spec.domain.firmware.uuid",
                "spec.domain.firmware.bootloader",
                "spec.domain.firmware.bootloader.efi.secureBoot", "spec.domain.machine.type",
                "spec.domain.devices.disks[0].name", "spec.domain.devices.disks[1].name",
                "spec.domain.devices.disks[1].name",
                "spec.volumes[0]", "spec.volumes[1].name", "spec.volumes[1].emptyDisk.capacity",
                "spec.networks[0].name",
                "spec.domain.devices.interfaces[0].name", "spec.domain.devices.interfaces[0].macAddress",
            ])
    }

    @Test("unknown fields are warnings, and go back where they came from")
    func unknown() throws {
        let reader = Manifests.read(
            Manifests.domain("cpu: {core: 2}\nfuture: {a: [1]}", spec: "tolerations: [{key: x}]"))
        #expect(
            reader.issues.map { "\($0.issue)" } == [
                "spec.domain.cpu.core: no such field: did you mean cores?",
                "spec.domain.future: no such field: it is kept, and has no effect",
            ])
        #expect(!reader.hasErrors)
        let encoded = try #require(reader.manifest.instances.first).encode()
        #expect(encoded["spec"]?["domain"]?["future"]?["a"] == .array([.number(1)]))
        #expect(encoded["spec"]?["domain"]?["cpu"]?["core"] == .number(2))
        #expect(encoded["spec"]?["tolerations"] != nil)
    }

    @Test(
        "the position of a field that is absent is its parent's",
        arguments: [("a.b[1].c", 5), ("a.b[7].c", 4), ("a.x.y", 1), ("a.b[0]", 4)])
    func positions(path: String, line: Int) throws {
        let root = try #require(try DocumentReader().read("a:\n\n  b:\n    - k: 1\n    - c: 2\n").first)
        #expect(PositionIndex(root).position(of: path)?.line == line)
    }
}
