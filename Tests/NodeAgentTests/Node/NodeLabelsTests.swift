import DomainModel
import HostModel
import KubernetesModel
import NodeAgent
import Testing

@Suite struct NodeLabelsTests {
    @Test("libvirt's XML and the verdict become KubeVirt's labels")
    func labels() throws {
        let labels = NodeLabels.all(isSchedulable: true, try NodeFixtures.facts())
        #expect(
            labels == [
                "kubevirt.io/schedulable": "true", "virt-node.io/accelerator": "kvm",
                "cpu-model.node.kubevirt.io/qemu64": "true", "cpu-model.node.kubevirt.io/Westmere": "true",
                "cpu-model-migration.node.kubevirt.io/qemu64": "true",
                "cpu-model-migration.node.kubevirt.io/Westmere": "true",
                "cpu-model-migration.node.kubevirt.io/EPYC": "true", "host-model-cpu.node.kubevirt.io/EPYC": "true",
                "cpu-vendor.node.kubevirt.io/AMD": "true", "machine-type.node.kubevirt.io/pc-i440fx-7.2": "true",
                "machine-type.node.kubevirt.io/q35": "true", "machine-type.node.kubevirt.io/pc-i440fx-1.5": "true",
                "hyperv.node.kubevirt.io/synictimer": "true",
                "cpu-timer.node.kubevirt.io/tsc-frequency": "2445424000",
                "cpu-timer.node.kubevirt.io/tsc-scalable": "false", "kubevirt.io/cpumanager": "true",
                "kubevirt.io/sev": "true", "kubevirt.io/sev-es": "true",
            ])
    }

    @Test("features are labelled on request only, and Hyper-V's under KVM only")
    func optional() throws {
        var facts = try NodeFixtures.facts(.emulation)
        facts.labelsCPUFeatures = true
        let labels = NodeLabels.all(isSchedulable: false, facts)
        #expect(labels["cpu-feature.node.kubevirt.io/erms"] == "true")
        #expect(labels["host-model-required-features.node.kubevirt.io/vme"] == nil)
        #expect(labels["hyperv.node.kubevirt.io/synictimer"] == nil)
        #expect(labels["virt-node.io/accelerator"] == "emulation")
        #expect(labels["kubevirt.io/schedulable"] == "false")
    }

    @Test("what Kubernetes takes for no label name is left out")
    func names() throws {
        var facts = try NodeFixtures.facts()
        facts.domainCapabilities.usableModels = ["Opteron G1", "-x", String(repeating: "a", count: 64), "", "ok_1"]
        let labels = NodeLabels.all(isSchedulable: true, facts).keys.filter { $0.hasPrefix("cpu-model.node") }
        #expect(labels == ["cpu-model.node.kubevirt.io/ok_1"])
    }

    @Test("deprecated machine types are known as such")
    func deprecated() throws {
        let types = try NodeFixtures.facts().capabilities.machineTypes
        #expect(types.filter(\.isDeprecated).map(\.name) == ["pc-i440fx-1.5"])
    }

    @Test("libvirt's XML that is broken is an error, and one that says nothing is not")
    func broken() throws {
        #expect(throws: XMLError.self) { try LibvirtCapabilities(xml: "<capabilities>") }
        #expect(try LibvirtCapabilities(xml: "<capabilities/>") == LibvirtCapabilities())
        #expect(try DomainCapabilities(xml: "<domainCapabilities/>") == DomainCapabilities())
    }
}

@Suite struct NodePatchTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    private func node(_ labels: [String: String], annotations: [String: String] = [:]) -> DocumentNode {
        func map(_ values: [String: String]) -> DocumentNode {
            .object(values.sorted { $0.key < $1.key }.map { DocumentMember($0.key, .string($0.value)) })
        }
        var node = DocumentNode.object([])
        node[["metadata", "labels"]] = map(labels)
        node[["metadata", "annotations"]] = map(annotations)
        return node
    }

    @Test("labels that no longer hold are removed, and those of others are let be")
    func stale() throws {
        let existing = node([
            "cpu-model.node.kubevirt.io/Gone": "true", "kubevirt.io/schedulable": "true", "team": "a",
            "kubernetes.io/hostname": "n1", "kubevirt.io/unknown": "x",
        ])
        let patch = NodePatch.metadata(of: existing, try NodeFixtures.facts(), isSchedulable: true, at: now)
        let labels = patch["metadata"]?["labels"]?.members ?? []
        #expect(labels.first { $0.name == "cpu-model.node.kubevirt.io/Gone" }?.value.value == .null)
        #expect(labels.contains { $0.name == "cpu-model.node.kubevirt.io/qemu64" })
        for untouched in ["kubevirt.io/schedulable", "team", "kubernetes.io/hostname", "kubevirt.io/unknown"] {
            #expect(!labels.contains { $0.name == untouched }, "\(untouched)")
        }
        #expect(patch["metadata"]?["annotations"]?["kubevirt.io/heartbeat"]?.text == "2023-11-14T22:13:20Z")
    }

    @Test("a node that is up to date gets its heartbeat and nothing else")
    func heartbeat() throws {
        let facts = try NodeFixtures.facts()
        let existing = node(NodeLabels.all(isSchedulable: true, facts))
        let patch = NodePatch.metadata(of: existing, facts, isSchedulable: true, at: now)
        #expect(patch["metadata"]?["labels"] == nil)
        #expect(patch["metadata"]?["annotations"] != nil)
    }

    @Test("a node that somebody else labels gets the agent's state only")
    func skipped() throws {
        let existing = node(
            ["cpu-model.node.kubevirt.io/Theirs": "true"],
            annotations: ["node-labeller.kubevirt.io/skip-node": "true"])
        let patch = NodePatch.metadata(of: existing, try NodeFixtures.facts(), isSchedulable: false, at: now)
        #expect(
            patch["metadata"]?["labels"]?.members.map(\.name) == [
                "kubevirt.io/schedulable", "virt-node.io/accelerator",
            ])
    }

    @Test("the verdict is a condition with its remedy, whose time moves only with its status")
    func condition() throws {
        var existing = DocumentNode.object([])
        let emulation = try NodeFixtures.facts(.emulation)
        let first = NodePatch.conditions(of: existing, emulation, isReady: nil, at: now)
        #expect(first.count == 1)
        #expect(first.first?["status"]?.text == "False" && first.first?["reason"]?.text == "KVMAbsent")
        #expect(first.first?["message"]?.text == "measured: load the module")
        existing[["status", "conditions"]] = .array(first)
        let later = Timestamp(seconds: now.seconds + 60)
        let second = NodePatch.conditions(of: existing, emulation, isReady: nil, at: later)
        #expect(second.first?["lastTransitionTime"]?.text == now.text)
        #expect(second.first?["lastHeartbeatTime"]?.text == later.text)
        #expect(!NodePatch.differ(second, from: existing))
        let third = NodePatch.conditions(of: existing, try NodeFixtures.facts(.kvm), isReady: nil, at: later)
        #expect(third.first?["lastTransitionTime"]?.text == later.text)
        #expect(NodePatch.differ(third, from: existing))
    }

    @Test("a node of our own has what a Node must have")
    func object() throws {
        let object = NodeObject.make(try NodeFixtures.facts(), isSchedulable: true, at: now)
        #expect(object["status"]?["capacity"]?["cpu"]?.text == "2")
        #expect(object["status"]?["capacity"]?["memory"]?.text == "8388608Ki")
        #expect(object["status"]?["capacity"]?["hugepages-2Mi"]?.text == "8192Ki")
        #expect(object["status"]?["nodeInfo"]?["architecture"]?.text == "amd64")
        #expect(object["status"]?["conditions"]?.elements.map { $0["type"]?.text }.contains("Ready") == true)
        #expect(object["metadata"]?["labels"]?["kubernetes.io/hostname"]?.text == "n1")
    }
}
