internal import HostDevices
internal import HostModel
internal import KubernetesModel
internal import Placement

/// The books as a document: `GET /virt-node/v1/resources`, which `virt-node host` prints.
extension NodeAllocator {
    func document() -> DocumentNode {
        let summary = summary()
        return .object([
            DocumentMember("reservedCPUs", .string("\(summary.pools.reserved)")),
            DocumentMember("dedicatedCPUs", .string("\(summary.pools.dedicated)")),
            DocumentMember("sharedCPUs", .string("\(summary.shared)")),
            DocumentMember("memoryBudget", .number(summary.budget)),
            DocumentMember("memoryPromised", .number(promisedMemory)),
            DocumentMember(
                "holdings",
                .array(holdings.values.sorted { $0.name < $1.name }.map(Self.document))),
            DocumentMember("devices", .array(devices())),
        ])
    }

    /// Those that VMs may have, and those that they may not, with the reason.
    private func devices() -> [DocumentNode] {
        guard let inventory = currentInventory() else { return [] }
        let use = use
        func node(_ device: String, _ resource: String, _ state: String) -> DocumentNode {
            .object([
                DocumentMember("device", .string(device)), DocumentMember("resource", .string(resource)),
                DocumentMember("state", .string(state)),
            ])
        }
        return inventory.devices.sorted { $0.key < $1.key }.flatMap { resource, devices in
            devices.map { node("\($0)", resource, use.holds($0) ? "in use" : "free") }
        } + inventory.unavailable.map { node($0.device, $0.resource, "\($0.reason)") }
    }

    private static func document(_ holding: Holding) -> DocumentNode {
        var members = [
            DocumentMember("vmi", .string(holding.name)), DocumentMember("memory", .number(holding.memory)),
        ]
        guard let placement = holding.placement else { return .object(members) }
        if !placement.vcpuPins.isEmpty {
            members.append(
                DocumentMember(
                    "vcpus",
                    .array(placement.pinnedVCPUs.map { .string("\($0.vcpu)=\($0.cpu)") })))
        }
        if !placement.emulatorPins.isEmpty {
            members.append(DocumentMember("emulator", .string("\(placement.emulatorPins)")))
        }
        if !placement.ioThreadPins.isEmpty {
            members.append(DocumentMember("ioThreads", .string("\(CPUSet(placement.ioThreadPins))")))
        }
        if !placement.cells.isEmpty {
            members.append(
                DocumentMember(
                    "cells",
                    .array(
                        placement.cells.map {
                            .string("cell \($0.hostCell): \($0.pages) pages of \($0.pageSizeBytes >> 10) KiB")
                        })))
        }
        if !placement.devices.isEmpty {
            members.append(
                DocumentMember(
                    "devices", .array(placement.devices.map { .string("\($0.resource)=\($0.device)") })))
        }
        return .object(members)
    }
}
