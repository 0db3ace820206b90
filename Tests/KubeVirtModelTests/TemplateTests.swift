import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct TemplateTests {
    private static let spec = "spec: {domain: {devices: {}, memory: {guest: 64Mi}}}"

    /// An owner of VMIs whose template has these lines.
    private static func owner(
        _ kind: String, metadata: String = "{name: own, namespace: team}", fields: String = "", template: String
    ) -> String {
        let indent = { (text: String, by: Int) in
            text.split(separator: "\n").map { String(repeating: " ", count: by) + $0 + "\n" }.joined()
        }
        let body = fields.isEmpty ? "" : indent(fields, 2)
        guard kind == "VirtualMachinePool" else {
            return "apiVersion: kubevirt.io/v1\nkind: \(kind)\nmetadata: \(metadata)\nspec:\n\(body)  template:\n"
                + indent(template, 4)
        }
        return "apiVersion: pool.kubevirt.io/v1beta1\nkind: \(kind)\nmetadata: \(metadata)\nspec:\n\(body)"
            + "  virtualMachineTemplate:\n    spec:\n      template:\n" + indent(template, 8)
    }

    private static let kinds = ["VirtualMachine", "VirtualMachineInstanceReplicaSet", "VirtualMachinePool"]

    @Test("a VMI is made of its owner's template, with the owner's name and the template's labels", arguments: kinds)
    func template(kind: String) throws {
        let text = Self.owner(
            kind, template: "metadata: {labels: {a: b}, annotations: {c: d}, creationTimestamp: ~}\n\(Self.spec)")
        let instance = try Manifests.sound(text)
        #expect(instance.qualifiedName == "team/own")
        #expect(instance.metadata.labels == ["a": "b"] && instance.metadata.annotations == ["c": "d"])
        #expect(instance.spec.domain.memory?.guest?.text == "64Mi")
        #expect(instance.spec.domain.cpu?.sockets == 1)
        #expect(instance.kind == "VirtualMachineInstance")
    }

    @Test("a VirtualMachine's VMI bears its name, and that of other owners the template's where it has one")
    func names() throws {
        let names = try Self.kinds.map { kind in
            try Manifests.sound(Self.owner(kind, template: "metadata: {name: other}\n\(Self.spec)")).name
        }
        #expect(names == ["own", "other", "other"])
    }

    @Test("an owner without a namespace is in the default one", arguments: kinds)
    func namespace(kind: String) throws {
        #expect(
            try Manifests.sound(Self.owner(kind, metadata: "{name: own}", template: Self.spec)).qualifiedName
                == "default/own")
    }

    @Test("issues of a template name their field from the owner's root, with its line")
    func paths() throws {
        let reader = Manifests.read(
            Self.owner(
                "VirtualMachine", template: "spec:\n  hostname: -x\n  domain:\n    cpu: {cors: 2}\n    devices: {}"))
        #expect(
            reader.issues.map { "\($0.issue.position?.line ?? 0) \($0.issue.path)" } == [
                "9 spec.template.spec.domain.cpu.cors", "7 spec.template.spec.hostname",
                "8 spec.template.spec.domain.memory.guest",
            ])
        #expect(reader.issues.allSatisfy { $0.object == "team/own" })
        let pool = Manifests.read(Self.owner("VirtualMachinePool", template: "spec: {hostname: -x, domain: 5}"))
        #expect(
            pool.issues.map(\.issue.path) == [
                "spec.virtualMachineTemplate.spec.template.spec.domain",
                "spec.virtualMachineTemplate.spec.template.spec.hostname",
            ])
    }

    @Test("a name is told where it stands: at the owner, or in the template")
    func badNames() {
        let owner = Self.owner("VirtualMachine", metadata: "{name: Bad}", template: Self.spec)
        #expect(Manifests.read(owner).issues.map(\.issue.path) == ["metadata.name"])
        let template = Self.owner("VirtualMachinePool", template: "metadata: {name: Bad}\n\(Self.spec)")
        #expect(
            Manifests.read(template).issues.map(\.issue.path) == [
                "spec.virtualMachineTemplate.spec.template.metadata.name"
            ])
        let nameless = Self.owner("VirtualMachine", metadata: "{}", template: Self.spec)
        #expect(Manifests.issues(nameless) == ["metadata.name: is missing: write one"])
    }

    @Test("what the control plane resolves is a warning, and what is only its own is read past")
    func controlPlane() {
        let reader = Manifests.read(
            Self.owner(
                "VirtualMachine",
                fields: """
                    runStrategy: Always
                    running: ~
                    dataVolumeTemplates: [{metadata: {name: x}}]
                    instancetype: {name: small}
                    preference: {name: linux}
                    """, template: Self.spec))
        #expect(
            reader.issues.map { "\($0.issue)" }
                == ["instancetype", "preference"].map {
                    "spec.\($0): is resolved by the control plane: what it adds is missing here, so write it into spec.template"
                })
        #expect(!reader.hasErrors)
        #expect(reader.manifest.instances.map(\.name) == ["own"])
    }

    @Test("of several replicas one is made, with a warning", arguments: [(1, 0), (3, 1)])
    func replicas(count: Int, warnings: Int) {
        let reader = Manifests.read(
            Self.owner("VirtualMachineInstanceReplicaSet", fields: "replicas: \(count)", template: Self.spec))
        #expect(reader.issues.map(\.issue.path) == Array(repeating: "spec.replicas", count: warnings))
        #expect(!reader.hasErrors)
    }

    @Test("a template that is none is told", arguments: ["template: 5", "template: []", "template: ~", "other: 1"])
    func noTemplate(line: String) {
        let text = "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: a}\nspec: {\(line)}\n"
        #expect(
            Manifests.issues(text) == [
                "spec.template: is missing, or no object: write the VMI's metadata and spec below it"
            ])
    }

    @Test("lists of owners and of VMIs are read, also where their items name no kind")
    func lists() {
        let vm = "{metadata: {name: a}, spec: {template: {\(Self.spec)}}}"
        let vmi = "{metadata: {name: b}, \(Self.spec)}"
        let reader = Manifests.read(
            "apiVersion: kubevirt.io/v1\nkind: VirtualMachineList\nitems: [\(vm)]\n---\n"
                + "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstanceList\nitems: [\(vmi)]\n---\n"
                + "apiVersion: v1\nkind: List\nitems: [\(vmi)]\n")
        #expect(
            reader.issues.map { "\($0.issue)" } == ["kind: is missing: a VMI has kind: VirtualMachineInstance"])
        #expect(reader.manifest.instances.map(\.name) == ["a", "b"])
    }

    @Test("a VMI and an owner of its name are twins")
    func twins() {
        let text = Self.owner("VirtualMachine", template: Self.spec)
        #expect(
            Manifests.issues(text + "---\n" + text) == [
                "metadata.name: \"own\" is used twice in namespace team: give each VMI a name of its own"
            ])
    }
}
