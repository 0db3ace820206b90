import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateNetworks() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        let interfaceNames = Set(domain.devices.interfaces.map(\.name))
        var names: Set<String> = []
        for (index, network) in networks.enumerated() {
            let path = "spec.networks[\(index)]"
            if !names.insert(network.name).inserted {
                issues.append(
                    .error("\(path).name", "\"\(network.name)\" is used twice: give each network a name of its own"))
            }
            if !interfaceNames.contains(network.name) {
                issues.append(
                    .error(
                        "\(path).name",
                        "no interface is named \"\(network.name)\": add one under spec.domain.devices.interfaces"))
            }
            if network.pod == nil, network.unknownFields.isEmpty {
                issues.append(.error(path, "has no source: write pod: {}"))
            }
        }
        var seen: Set<String> = []
        for (index, interface) in domain.devices.interfaces.enumerated() {
            let path = "spec.domain.devices.interfaces[\(index)]"
            if !seen.insert(interface.name).inserted {
                issues.append(
                    .error("\(path).name", "\"\(interface.name)\" is used twice: give each interface a name of its own")
                )
            }
            if !names.contains(interface.name) {
                issues.append(
                    .error("\(path).name", "no network is named \"\(interface.name)\": add one under spec.networks"))
            }
            issues += interface.validate(path)
        }
        return issues
    }
}

extension Interface {
    fileprivate func validate(_ path: String) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        if !DeviceNames.isSound(name) { issues.append(.error("\(path).name", DeviceNames.complaint(name))) }
        if let macAddress, macAddress.wholeMatch(of: /[0-9A-Fa-f]{2}([:\-][0-9A-Fa-f]{2}){5}/) == nil {
            issues.append(
                .error(
                    "\(path).macAddress",
                    "\(DocumentNode.string(macAddress).excerpt ?? "") is no MAC address: write one such as 02:00:00:12:34:56"
                ))
        }
        let models = ["virtio", "e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139", "igb"]
        if let model, !model.isEmpty, !models.contains(model) {
            issues.append(
                .error(
                    "\(path).model",
                    "\(DocumentNode.string(model).excerpt ?? "") is not supported: write one of \(models.joined(separator: ", "))"
                ))
        }
        var seen: Set<String> = []
        for (index, port) in ports.enumerated() {
            if !(1...65535).contains(port.port) {
                issues.append(
                    .error("\(path).ports[\(index)].port", "\(port.port) is no port: write a number from 1 to 65535"))
            }
            if !seen.insert("\(port.port)/\(port.protocol ?? .tcp)").inserted {
                issues.append(.error("\(path).ports[\(index)].port", "\(port.port) is used twice: remove one"))
            }
        }
        return issues
    }
}
