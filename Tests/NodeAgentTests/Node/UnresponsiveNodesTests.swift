import KubernetesAPI
import KubernetesModel
import NodeAgent
import Testing

@Suite struct UnresponsiveNodesTests {
    private let start = WallTime(seconds: 1_700_000_000)

    private func lease(_ name: String, holder: String, renewed: WallTime) -> DocumentNode {
        var lease = DocumentNode.object([])
        lease[["metadata", "name"]] = .string(name)
        lease[["spec", "holderIdentity"]] = .string(holder)
        lease[["spec", "leaseDurationSeconds"]] = .number(40)
        lease[["spec", "renewTime"]] = .string(renewed.microText)
        return lease
    }

    @Test("a node whose lease does not change for the limit is unresponsive, and is not once it changes")
    func limit() {
        var rule = UnresponsiveNodes(limit: .seconds(300))
        let silent = lease("virt-node-a", holder: "a", renewed: start)
        rule.observe([silent, lease("virt-node-b", holder: "b", renewed: start)], at: .zero)
        rule.observe(
            [silent, lease("virt-node-b", holder: "b", renewed: start.advanced(by: .seconds(299)))], at: .seconds(299))
        #expect(rule.nodes(at: .seconds(299), wall: start.advanced(by: .seconds(299))) == [])
        #expect(rule.nodes(at: .seconds(300), wall: start.advanced(by: .seconds(300))) == ["a"])
        rule.observe([lease("virt-node-a", holder: "a", renewed: start.advanced(by: .seconds(301)))], at: .seconds(301))
        #expect(rule.nodes(at: .seconds(302), wall: start) == [])
    }

    @Test("a new leader believes an old lease after a minute")
    func newLeader() {
        var rule = UnresponsiveNodes(limit: .seconds(300))
        rule.observe([lease("virt-node-a", holder: "a", renewed: start)], at: .seconds(5))
        let wall = start.advanced(by: .seconds(1000))
        #expect(rule.nodes(at: .seconds(64), wall: wall) == [])
        #expect(rule.nodes(at: .seconds(65), wall: wall) == ["a"])
    }

    @Test("a clock that is off by hours makes nobody unresponsive who renews")
    func skew() {
        var rule = UnresponsiveNodes(limit: .seconds(300))
        for second in stride(from: 0, through: 600, by: 10) {
            let renewed = start.advanced(by: .seconds(second - 7200))
            rule.observe([lease("virt-node-a", holder: "a", renewed: renewed)], at: .seconds(second))
            #expect(rule.nodes(at: .seconds(second), wall: start.advanced(by: .seconds(second))) == [])
        }
    }

    @Test("leases of others, and one that is gone, say nothing")
    func others() {
        var rule = UnresponsiveNodes(limit: .seconds(300))
        let leases = [
            lease("virt-node-leader", holder: "a", renewed: start), lease("kubelet", holder: "kubelet", renewed: start),
            lease("virt-node-b", holder: "b", renewed: start),
        ]
        rule.observe(leases, at: .zero)
        rule.observe(Array(leases.dropLast()), at: .seconds(1))
        #expect(rule.nodes(at: .seconds(10_000), wall: start.advanced(by: .seconds(10_000))) == [])
    }

    private func instance(_ phase: String, ready: String?) -> DocumentNode {
        var instance = DocumentNode.object([])
        instance[["status", "phase"]] = .string(phase)
        let ready = ready.map { ready in
            DocumentNode.object([
                DocumentMember("type", .string("Ready")), DocumentMember("status", .string(ready)),
                DocumentMember("reason", .string(ready == "Unknown" ? "NodeUnresponsive" : "R")),
            ])
        }
        let paused = DocumentNode.object([DocumentMember("type", .string("Paused"))])
        instance[["status", "conditions"]] = .array([paused] + (ready.map { [$0] } ?? []))
        return instance
    }

    @Test("Ready becomes Unknown with its reason, beside the other conditions")
    func conditions() throws {
        let now = Timestamp(seconds: 1_700_000_000)
        let running = instance("Running", ready: "True")
        let conditions = try #require(UnresponsiveNodes.conditions(of: running, node: "a", at: now))
        #expect(conditions.map { $0["type"]?.text } == ["Paused", "Ready"])
        #expect(conditions.last?["status"]?.text == "Unknown")
        #expect(conditions.last?["reason"]?.text == "NodeUnresponsive")
        #expect(conditions.last?["lastTransitionTime"]?.text == now.text)
        #expect(UnresponsiveNodes.conditions(of: instance("Running", ready: "Unknown"), node: "a", at: now) == nil)
        #expect(UnresponsiveNodes.conditions(of: instance("Succeeded", ready: "False"), node: "a", at: now) == nil)
        #expect(UnresponsiveNodes.conditions(of: instance("Scheduled", ready: nil), node: "a", at: now) != nil)
    }
}
