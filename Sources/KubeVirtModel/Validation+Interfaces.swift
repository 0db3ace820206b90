import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateInterfaces(_ report: inout ValidationReport, _ ledger: inout DeviceLedger) {
        var names: Set<String> = []
        let places = Dictionary(networks.indices.map { (networks[$0].name, $0) }) { first, _ in first }
        report.each("interfaces", in: domain.devices.interfaces) { interface, report in
            if !names.insert(interface.name).inserted {
                report.error("name", "\(interface.name.quoted) is used twice: give each interface a name of its own")
            }
            let network = places[interface.name].map { networks[$0] }
            if network == nil {
                report.error("name", "no network is named \(interface.name.quoted): add one under spec.networks")
            }
            interface.validateBinding(on: network, &report)
            interface.validateLink(on: network, &report)
            interface.validateMAC(&report, &ledger)
            interface.validateModel(&report)
            interface.validatePorts(&report, hasPodNetwork: network?.pod != nil)
            if let options = interface.dhcpOptions { report.within("dhcpOptions") { options.validate(&$0) } }
            ledger.checkPlace("pciAddress", interface.pciAddress, &report)
            ledger.checkACPIIndex(interface.acpiIndex, &report)
            ledger.checkBootOrder(interface.bootOrder, &report)
            report.checkTag(interface.tag)
        }
    }
}

extension Interface {
    /// The one binding, and the networks that it connects to.
    fileprivate func validateBinding(on network: Network?, _ report: inout ValidationReport) {
        report.exclude([
            ("binding", binding != nil), ("bridge", bridge != nil), ("macvtap", macvtap != nil),
            ("masquerade", masquerade != nil), ("passt", passt != nil), ("passtBinding", passtBinding != nil),
            ("slirp", slirp != nil), ("sriov", sriov != nil),
        ])
        if let binding, !binding.name.consists(of: { $0.isNameByte || $0 == UInt8(ascii: ".") }) {
            report.error(
                "binding.name", "\(binding.name.quoted) is no plugin: write the name that it is registered under")
        }
        guard let network else { return }
        let podOnly = [
            ("masquerade", masquerade != nil), ("passt", passt != nil), ("passtBinding", passtBinding != nil),
            ("slirp", slirp != nil),
        ]
        for (name, isSet) in podOnly where isSet && network.pod == nil && network.isPlain {
            report.error(name, "works on the pod network only: use bridge, or write pod: {} for \(self.name.quoted)")
        }
        for (name, isSet) in [("macvtap", macvtap != nil), ("sriov", sriov != nil)] where isSet && network.pod != nil {
            report.error(name, "does not work on the pod network: write multus for \(self.name.quoted)")
        }
        if network.resourceClaim != nil, sriov == nil {
            report.error("network \(name.quoted) comes from a resourceClaim, which needs sriov: {}: write that")
        }
    }

    fileprivate func validateLink(on network: Network?, _ report: inout ValidationReport) {
        if state == .up || state == .down, sriov != nil {
            report.error("state", "the link of an SR-IOV function is its network's: remove it")
        }
        if state == .absent, network?.pod != nil || network?.multus?.default ?? false {
            report.error("state", "the default network cannot be absent: remove the interface and its network")
        }
    }

    fileprivate func validateMAC(_ report: inout ValidationReport, _ ledger: inout DeviceLedger) {
        guard let text = macAddress, !text.isEmpty else { return }
        guard let mac = AddressText.mac(text) else {
            return report.error("macAddress", "\(text.quoted) is no MAC address: write one such as 02:00:00:12:34:56")
        }
        if mac[0] & 1 == 1 {
            let message = "is a multicast address, its first byte being odd: write one such as 02:00:00:12:34:56"
            report.error("macAddress", "\(text.quoted) \(message)")
        } else if mac.allSatisfy({ $0 == 0 }) {
            report.error("macAddress", "\(text.quoted) is no card's address: write one such as 02:00:00:12:34:56")
        } else if masquerade != nil, mac == [2, 0, 0, 0, 0, 0] {
            report.error("macAddress", "\(text.quoted) is that of the guest's gateway: write another")
        } else {
            ledger.checkMAC(mac, text, &report)
        }
    }

    fileprivate func validateModel(_ report: inout ValidationReport) {
        let models = ["virtio", "e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139", "igb"]
        guard let model, !model.isEmpty else { return }
        if !models.contains(model) {
            let choice = models.joined(separator: ", ")
            report.error("model", "\(model.quoted) is not supported: write one of \(choice)")
        } else if model == "igb" {
            report.warn("model", "igb needs QEMU 8.0: an older one does not start the VM; e1000e is much like it")
        }
    }
}

extension Network {
    /// Whether its source is known, so that what does not fit to it can be told.
    fileprivate var isPlain: Bool { multus != nil || resourceClaim != nil }
}
