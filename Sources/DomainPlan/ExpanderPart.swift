import DomainModel
import KubeVirtModel
import Placement

/// PCI buses of their own for passed-through devices of a guest that sees the host's NUMA cells: one expander bus
/// (`pcie-expander-bus`) for each of the host's root complexes, on the guest's cell, so that the guest's kernel knows
/// which CPUs and which of the devices are near.
enum ExpanderPart {
    private struct Complex {
        var name: String
        var cell: Int
        var devices: [Int] = []
    }

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let placement = request.placement, !placement.cells.isEmpty else { return }
        let complexes = group(&draft, placement)
        var index = 1
        var busNumber = 256
        for complex in complexes {
            // The expander's own bus, and one behind each port.
            busNumber -= complex.devices.count + 1
            var expander = Controller(type: "pci", index: index, model: "pcie-expander-bus")
            expander.target = ControllerTarget(busNr: busNumber, node: complex.cell)
            draft.domain.devices.controllers.append(expander)
            draft.because(
                "devices/controller[pci\(index)]",
                .host("root complex \(complex.name) lies at the host's cell \(placement.cells[complex.cell].hostCell)"))
            for (slot, device) in complex.devices.enumerated() {
                var port = Controller(type: "pci", index: index + 1 + slot, model: "pcie-root-port")
                port.address = .pci(domain: 0, bus: UInt32(index), slot: UInt32(slot), function: 0)
                draft.domain.devices.controllers.append(port)
                draft.domain.devices.hostDevices[device].address = .pci(
                    domain: 0, bus: UInt32(index + 1 + slot), slot: 0, function: 0)
            }
            index += complex.devices.count + 1
        }
    }

    /// The devices of each root complex whose cell the guest has, by their place among the domain's host devices.
    private static func group(_ draft: inout DomainDraft, _ placement: Placement) -> [Complex] {
        let cells = Dictionary(
            placement.cells.enumerated().map { ($1.hostCell, $0) }, uniquingKeysWith: { first, _ in first })
        var complexes: [Complex] = []
        for (index, device) in draft.domain.devices.hostDevices.enumerated() where device.address == nil {
            guard device.type == "pci", let given = device.alias.flatMap({ draft.placedDevices[$0] }),
                let node = given.numaNode
            else {
                continue
            }
            guard let cell = cells[node] else {
                draft.warn(
                    "DeviceOnOtherCell", "spec.domain.devices",
                    "\(given.resource) \(given.device) lies at the host's NUMA cell \(node), where the VM has no CPU: its memory accesses cross cells"
                )
                continue
            }
            let name = given.rootComplex ?? "of cell \(node)"
            if let known = complexes.firstIndex(where: { $0.name == name && $0.cell == cell }) {
                // A bus has 32 slots; what comes after sits on ports of the root.
                if complexes[known].devices.count < 32 { complexes[known].devices.append(index) }
            } else {
                complexes.append(Complex(name: name, cell: cell, devices: [index]))
            }
        }
        return complexes
    }
}
