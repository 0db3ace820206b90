/// The faults of a document's devices.
extension Host {
    func deviceFaults() -> [HostFault] {
        var seen: Set<String> = []
        let faults = pciDevices.enumerated().flatMap { index, device in
            let repeated = !seen.insert(device.address).inserted
            return device.faults("pciDevices[\(index)]", repeated: repeated)
        }
        var uuids: Set<String> = []
        return faults
            + mediatedDevices.enumerated().compactMap { index, device in
                if MediatedDevice.isUUID(device.uuid), uuids.insert(device.uuid).inserted { return nil }
                return HostFault(
                    "mediatedDevices[\(index)].uuid", "\"\(device.uuid.prefix(40))\" is no UUID, or used twice")
            }
    }
}

extension PCIDevice {
    fileprivate func faults(_ field: String, repeated: Bool) -> [HostFault] {
        var faults: [HostFault] = []
        func wrong(_ name: String, _ value: String, _ example: String) {
            faults.append(HostFault("\(field).\(name)", "\"\(value.prefix(40))\" is not like \(example)"))
        }
        if repeated { faults.append(HostFault("\(field).address", "\"\(address.prefix(40))\" is used twice")) }
        if PCIAddress(address) == nil { wrong("address", address, "0000:41:00.0") }
        if let parent, PCIAddress(parent) == nil { wrong("parent", parent, "0000:40:01.0") }
        if let physicalFunction, PCIAddress(physicalFunction) == nil {
            wrong("physicalFunction", physicalFunction, "0000:41:00.0")
        }
        if let rootComplex, !PCIPlace.isRootComplex(rootComplex) { wrong("rootComplex", rootComplex, "pci0000:40") }
        for (name, value, limit) in [("numaNode", numaNode, HostLimits.cells), ("iommuGroup", iommuGroup, 1 << 31)] {
            if let value, !(0..<limit).contains(value) {
                faults.append(HostFault("\(field).\(name)", "\(value) is not between 0 and \(limit - 1)"))
            }
        }
        if classCode > 0xFF_FFFF { wrong("classCode", "0x\(hexadecimal(classCode, digits: 6))", "0x030200") }
        if !bars.allSatisfy({ (0...5).contains($0.index) && $0.size > 0 }) {
            faults.append(HostFault("\(field).bars", "an index is not 0 to 5, or a size is 0"))
        }
        if let sriov, sriov.totalVFs < 1 || !(0...sriov.totalVFs).contains(sriov.currentVFs) {
            faults.append(HostFault("\(field).sriov", "currentVFs must be 0 to totalVFs"))
        }
        if mediatedTypes.contains(where: { $0.availableInstances < 0 }) {
            faults.append(HostFault("\(field).mediatedTypes", "availableInstances must not be below 0"))
        }
        return faults
    }
}
