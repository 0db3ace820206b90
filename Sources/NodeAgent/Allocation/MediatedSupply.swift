internal import FoundationEssentials
package import HostDevices
package import HostModel
package import Placement

/// The mediated devices (vGPUs) that could be made for one VM, each named before it is there.
///
/// A supply is counted by the kernel's own numbers, less what was promised to VMs whose devices are not made yet.
package struct MediatedSupply: Sendable {
    private let promised: [MediatedRequest]

    /// `pending` are all that VMs hold; those that the host lists are in its numbers already.
    package init(_ host: Host, pending: [MediatedRequest]) {
        let made = Set(host.mediatedDevices.map { $0.uuid.lowercased() })
        promised = pending.filter { !made.contains($0.uuid) }
    }

    /// At most as many for each resource as the VM asks for, where most instances are left first.
    package func requests(
        _ offers: [String: [MediatedOffer]], for request: PlacementRequest
    ) -> [String: [MediatedRequest]] {
        var found: [String: [MediatedRequest]] = [:]
        for resource in Set(request.devices.map(\.resource)) {
            let needed = request.devices.count { $0.resource == resource }
            let all = (offers[resource] ?? []).flatMap { offer in
                (0..<min(left(offer), needed)).map { _ in
                    MediatedRequest(uuid: UUID().uuidString.lowercased(), type: offer.type.id, parent: offer.parent)
                }
            }
            if !all.isEmpty { found[resource] = all }
        }
        return found
    }

    /// One of another type on the same device may leave none of this type: nothing is promised until it is made.
    private func left(_ offer: MediatedOffer) -> Int {
        let same = promised.filter { $0.parent == offer.parent }
        guard same.allSatisfy({ $0.type == offer.type.id }) else { return 0 }
        return max(0, offer.type.availableInstances - same.count)
    }
}
