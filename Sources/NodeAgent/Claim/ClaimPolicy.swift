internal import DomainPlan
internal import HostModel
internal import KubeVirtModel
internal import KubernetesModel
internal import Placement

/// Whether this node may take a VMI that nobody assigned, and how well it fits. Pure.
struct ClaimPolicy: Sendable {
    /// What is known of the node.
    struct Node: Sendable {
        var name: String
        var labels: [String: String] = [:]
        var taints: [Taint] = []
        var isSchedulable = true
        var host: Host
        var grant = Grant()
        var use = PlacementUse.none
        /// Bytes that running VMs were promised.
        var promisedMemory: Int64 = 0
    }

    /// One of a Node's `spec.taints`.
    struct Taint: Sendable, Equatable {
        var key: String
        var value: String
        var effect: String

        init(key: String, value: String, effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }

        init(_ node: DocumentNode) {
            key = node["key"]?.text ?? ""
            value = node["value"]?.text ?? ""
            effect = node["effect"]?.text ?? ""
        }
    }

    enum Verdict: Sendable, Equatable {
        /// It fits; from 0, where it takes the last of the node, to 1.
        case fits(score: Double)
        case refused(String)
    }

    static func judge(_ instance: VirtualMachineInstance, _ object: DocumentNode, on node: Node) -> Verdict {
        guard node.isSchedulable else { return .refused("the node takes no new VMs") }
        if let name = object["spec"]?["schedulerName"]?.text, name != "virt-node" {
            return .refused("scheduler \(name) decides")
        }
        for member in object["spec"]?["nodeSelector"]?.members ?? [] where node.labels[member.name] != member.value.text
        {
            return .refused("the node lacks label \(member.name)=\(member.value.text ?? "")")
        }
        if object["spec"]?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"] != nil {
            return .refused("it demands node affinity, which a scheduler must judge")
        }
        let tolerations = object["spec"]?["tolerations"]?.elements ?? []
        for taint in node.taints where taint.effect != "PreferNoSchedule" {
            guard tolerations.contains(where: { tolerates($0, taint) }) else {
                return .refused("it does not tolerate the node's taint \(taint.key)")
            }
        }
        if let request = PlacementRequest(instance) {
            do throws(PlacementError) {
                _ = try Placement.make(request, host: node.host, grant: node.grant, inUse: node.use)
            } catch {
                return .refused("\(error)")
            }
        }
        return memory(instance, node)
    }

    private static func memory(_ instance: VirtualMachineInstance, _ node: Node) -> Verdict {
        let wanted = instance.spec.domain.memory?.guest?.roundedDown ?? 0
        let total = Int64(clamping: node.host.memoryKiB) * 1024
        let available = min(Int64(clamping: node.host.memoryAvailableKiB) * 1024, total - node.promisedMemory)
        // Hugepages were judged by cell and size; they are no part of what is available.
        let isHuge = instance.spec.domain.memory?.hugepages != nil
        guard isHuge || wanted <= available else {
            return .refused("it needs \(wanted >> 20) MiB, and \(max(0, available) >> 20) MiB are free")
        }
        guard total > 0 else { return .fits(score: 0) }
        return .fits(score: max(0, min(1, Double(available - (isHuge ? 0 : wanted)) / Double(total))))
    }

    private static func tolerates(_ toleration: DocumentNode, _ taint: Taint) -> Bool {
        let effect = toleration["effect"]?.text ?? ""
        guard effect.isEmpty || effect == taint.effect else { return false }
        let key = toleration["key"]?.text ?? ""
        guard toleration["operator"]?.text == "Exists" else {
            return key == taint.key && (toleration["value"]?.text ?? "") == taint.value
        }
        return key.isEmpty || key == taint.key
    }

    /// How long to leave a VMI to better nodes, in seconds: the worse the fit, the longer; nodes of the same fit differ by
    /// a hash, so that they do not all try at once.
    static func delay(score: Double, node: String, uid: String, base: Double) -> Double {
        let spread = Double(StableHash.of("\(node)/\(uid)") % 1000) / 1000
        return base + (1 - score) * 2 + spread * 0.5
    }
}
