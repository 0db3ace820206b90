package import KubernetesModel

/// Who holds a lease, and since when: the spec of a `coordination.k8s.io/v1` Lease.
package struct LeaseRecord: Sendable, Equatable {
    /// Empty where it was given back.
    package var holder: String
    package var durationSeconds: Int64
    package var acquired: WallTime?
    package var renewed: WallTime?
    /// How often it passed from one holder to another.
    package var transitions: Int64

    package init(
        holder: String, durationSeconds: Int64, acquired: WallTime?, renewed: WallTime?, transitions: Int64 = 0
    ) {
        self.holder = holder
        self.durationSeconds = durationSeconds
        self.acquired = acquired
        self.renewed = renewed
        self.transitions = transitions
    }

    /// Of a Lease as the server gave it. What is missing counts as never set.
    package init(_ lease: DocumentNode) {
        let spec = lease["spec"]
        holder = spec?["holderIdentity"]?.text ?? ""
        durationSeconds = Self.number(spec?["leaseDurationSeconds"]) ?? 0
        acquired = spec?["acquireTime"]?.text.flatMap { WallTime($0) }
        renewed = spec?["renewTime"]?.text.flatMap { WallTime($0) }
        transitions = Self.number(spec?["leaseTransitions"]) ?? 0
    }

    private static func number(_ node: DocumentNode?) -> Int64? {
        guard case .number(let text) = node?.value, let number = Int64(text) else { return nil }
        // What the API holds in 32 bits; anybody may have written it, and one more must be possible.
        return max(0, min(number, Int64(Int32.max)))
    }

    /// The Lease with this record in it; what else it says stays.
    func written(into lease: DocumentNode) -> DocumentNode {
        var lease = lease
        lease[["spec", "holderIdentity"]] = holder.isEmpty ? nil : .string(holder)
        lease[["spec", "leaseDurationSeconds"]] = .number(durationSeconds)
        lease[["spec", "acquireTime"]] = acquired.map { .string($0.microText) }
        lease[["spec", "renewTime"]] = renewed.map { .string($0.microText) }
        lease[["spec", "leaseTransitions"]] = .number(transitions)
        return lease
    }

    static func empty(name: String, namespace: String) -> DocumentNode {
        .object([
            DocumentMember("apiVersion", .string(APIResource.leases.apiVersion)),
            DocumentMember("kind", .string(APIResource.leases.kind)),
            DocumentMember(
                "metadata",
                .object([
                    DocumentMember("name", .string(name)), DocumentMember("namespace", .string(namespace)),
                ])),
        ])
    }
}
