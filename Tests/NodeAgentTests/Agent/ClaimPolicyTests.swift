import HostModel
import KubeVirtModel
import KubernetesModel
import SystemPackage
import Testing

@testable import NodeAgent

/// Which VMIs a node may take. Pure.
@Suite struct ClaimPolicyTests {
    private func node(freeMiB: UInt64 = 4096) -> ClaimPolicy.Node {
        var host = Host(probing: HostRoot("/nowhere"))
        host.memoryKiB = 8192 << 10
        host.memoryAvailableKiB = freeMiB << 10
        return ClaimPolicy.Node(name: "one", labels: ["disk": "fast"], host: host)
    }

    private func judge(_ spec: String, on node: ClaimPolicy.Node) throws -> ClaimPolicy.Verdict {
        let text = """
            {"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"a"},
            "spec":{"domain":{"memory":{"guest":"1Gi"},"devices":{}}\(spec)}}
            """
        let object = try #require(try DocumentReader().read(text).first)
        var context = DecodingContext()
        let instance = try #require(VirtualMachineInstance.decode(object, &context))
        return ClaimPolicy.judge(instance, object, on: node)
    }

    @Test("a VMI fits better the more stays free")
    func score() throws {
        guard case .fits(let roomy) = try judge("", on: node()),
            case .fits(let tight) = try judge("", on: node(freeMiB: 1100))
        else {
            Issue.record("it does not fit")
            return
        }
        #expect(roomy > tight)
        #expect(
            ClaimPolicy.delay(score: roomy, node: "one", uid: "u", base: 0)
                < ClaimPolicy.delay(score: tight, node: "one", uid: "u", base: 0))
    }

    @Test("memory that others were promised is not free")
    func promises() throws {
        var node = node()
        node.promisedMemory = 7500 << 20
        #expect(try judge("", on: node) == .refused("it needs 1024 MiB, and 692 MiB are free"))
    }

    @Test(
        "who demands what this node lacks is left to others",
        arguments: [
            (#","nodeSelector":{"disk":"slow"}"#, "the node lacks label disk=slow"),
            (#","schedulerName":"default-scheduler""#, "scheduler default-scheduler decides"),
        ])
    func demands(spec: String, reason: String) throws {
        #expect(try judge(spec, on: node()) == .refused(reason))
    }

    @Test("a taint keeps out whom it is not tolerated by")
    func taints() throws {
        var node = node()
        node.taints = [ClaimPolicy.Taint(key: "virt-node.io/dedicated", value: "", effect: "NoSchedule")]
        #expect(try judge("", on: node) == .refused("it does not tolerate the node's taint virt-node.io/dedicated"))
        let tolerant = #","tolerations":[{"key":"virt-node.io/dedicated","operator":"Exists"}]"#
        guard case .fits = try judge(tolerant, on: node) else {
            Issue.record("it is tolerated")
            return
        }
    }
}
