import HostModel
package import KubernetesModel

/// The Node of a host without a kubelet, which virt-node itself makes.
package enum NodeObject {
    /// The whole object, for its creation.
    package static func make(_ facts: NodeFacts, isSchedulable: Bool, at now: Timestamp) -> DocumentNode {
        var labels = NodeLabels.all(isSchedulable: isSchedulable, facts)
        labels["kubernetes.io/hostname"] = facts.name
        labels["kubernetes.io/os"] = "linux"
        labels["kubernetes.io/arch"] = architecture(facts)
        let metadata: [DocumentMember] = [
            DocumentMember("name", .string(facts.name)),
            DocumentMember(
                "labels", .object(labels.sorted { $0.key < $1.key }.map { DocumentMember($0.key, .string($0.value)) })),
            DocumentMember("annotations", .object([DocumentMember(NodeLabels.heartbeat, .string(now.text))])),
        ]
        return .object([
            DocumentMember("apiVersion", .string(APIResource.nodes.apiVersion)),
            DocumentMember("kind", .string(APIResource.nodes.kind)),
            DocumentMember("metadata", .object(metadata)), DocumentMember("spec", .object([])),
            DocumentMember("status", status(facts, of: nil, isReady: isSchedulable, at: now)),
        ])
    }

    /// The status: what the node has, where it is found, and how it is.
    package static func status(
        _ facts: NodeFacts, of node: DocumentNode?, isReady: Bool, at now: Timestamp
    ) -> DocumentNode {
        let capacity = capacity(facts)
        let addresses = facts.addresses + [.init(type: "Hostname", address: facts.name)]
        return .object([
            DocumentMember("capacity", capacity), DocumentMember("allocatable", capacity),
            DocumentMember(
                "addresses",
                .array(
                    addresses.map { address in
                        .object([
                            DocumentMember("type", .string(address.type)),
                            DocumentMember("address", .string(address.address)),
                        ])
                    })),
            DocumentMember("nodeInfo", information(facts)),
            DocumentMember("conditions", .array(NodePatch.conditions(of: node, facts, isReady: isReady, at: now))),
        ])
    }

    private static func capacity(_ facts: NodeFacts) -> DocumentNode {
        var members = [
            DocumentMember("cpu", .string("\(facts.host.onlineCPUs.count)")),
            DocumentMember("memory", .string("\(facts.host.memoryKiB)Ki")),
        ]
        for pool in facts.host.hugepages {
            let size =
                pool.sizeKiB.isMultiple(of: 1 << 20)
                ? "\(pool.sizeKiB >> 20)Gi"
                : pool.sizeKiB.isMultiple(of: 1024) ? "\(pool.sizeKiB >> 10)Mi" : "\(pool.sizeKiB)Ki"
            members.append(DocumentMember("hugepages-\(size)", .string("\(UInt64(pool.total) * pool.sizeKiB)Ki")))
        }
        return .object(members)
    }

    private static func information(_ facts: NodeFacts) -> DocumentNode {
        .object([
            DocumentMember("architecture", .string(architecture(facts))),
            DocumentMember("bootID", .string(facts.host.kernel.bootID)),
            DocumentMember("containerRuntimeVersion", .string("")),
            DocumentMember("kernelVersion", .string(facts.host.kernel.release)),
            DocumentMember("kubeProxyVersion", .string("")),
            DocumentMember("kubeletVersion", .string("virt-node \(facts.version)")),
            DocumentMember("machineID", .string(facts.machineID)),
            DocumentMember("operatingSystem", .string("linux")), DocumentMember("osImage", .string(facts.osImage)),
            DocumentMember("systemUUID", .string(facts.systemUUID)),
        ])
    }

    /// As Go, and so Kubernetes, names architectures.
    private static func architecture(_ facts: NodeFacts) -> String {
        switch facts.capabilities.architecture {
        case "x86_64", nil: "amd64"
        case "aarch64": "arm64"
        case let name?: name
        }
    }
}
