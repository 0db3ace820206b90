import DomainModel
import KubeVirtModel

/// Puts every PCI device on bus 0 where the VMI's annotation asks for it: for guests that know no PCIe bridges.
enum RootComplexPart {
    /// Slot 0 is the host bridge, 1 the video card, 0x1b the sound card, 0x1f the chipset's own functions.
    private static let slots = (UInt32(0x02)...0x1E).filter { $0 != 0x1B }

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) throws(DomainPlanError) {
        guard request.instance.isAnnotated(Annotation.rootComplex) else { return }
        var chosen: Set<UInt32> = []
        draft.domain.devices.forEachPCIDevice { _, address in
            if case .pci(0, 0, let slot, _, _)? = address { chosen.insert(slot) }
        }
        let slots = slots.filter { !chosen.contains($0) }
        var free = slots[...]
        var count = 0
        draft.domain.devices.forEachPCIDevice { _, address in
            guard address == nil else { return }
            count += 1
            if let slot = free.popFirst() { address = .pci(domain: 0, bus: 0, slot: slot, function: 0) }
        }
        guard count <= slots.count else {
            throw .rootComplexFull(instance: request.instance.qualifiedName, devices: count, slots: slots.count)
        }
        draft.because("devices", .field(annotationField(Annotation.rootComplex)))
    }
}
