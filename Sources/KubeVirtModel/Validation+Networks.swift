import KubernetesModel

extension VirtualMachineInstanceSpec {
    func validateNetworks(_ report: inout ValidationReport) {
        let interfaces = Set(domain.devices.interfaces.map(\.name))
        var names: Set<String> = []
        var defaults = 0
        var claims: Set<[String]> = []
        let listed = Set(resourceClaims.map(\.name))
        report.each("networks", in: networks) { network, report in
            let isTwin = !names.insert(network.name).inserted
            if isTwin {
                report.error("name", "\(network.name.quoted) is used twice: give each network a name of its own")
            }
            if !interfaces.contains(network.name) {
                report.error(
                    "name", "no interface is named \(network.name.quoted): add one under spec.domain.devices.interfaces"
                )
            }
            let sources = network.sources
            if sources.isEmpty, network.unknownFields.isEmpty {
                report.error("has no source: write pod: {}")
            } else if sources.count > 1 {
                report.error("has \(sources.count) sources (\(sources.joined(separator: ", "))): keep one")
            }
            if !isTwin, network.pod != nil || network.multus?.default ?? false {
                defaults += 1
                if defaults > 1 { report.error("a VM has one default network, pod or multus: remove the others") }
            }
            if let pod = network.pod { report.within("pod") { pod.validate(&$0) } }
            if let multus = network.multus { report.within("multus") { multus.validate(&$0) } }
            guard let claim = network.resourceClaim else { return }
            report.within("resourceClaim") { report in
                report.checkClaim(claim.claimName, claim.requestName, listed)
                let key = [claim.claimName ?? "", claim.requestName ?? ""]
                guard !key.contains(""), !claims.insert(key).inserted else { return }
                report.error("requestName", "\(key[1].quoted) is another network's too: give each a request of its own")
            }
        }
    }
}

extension Network {
    fileprivate var sources: [String] {
        [("pod", pod != nil), ("multus", multus != nil), ("resourceClaim", resourceClaim != nil)].filter(\.1).map(\.0)
    }
}

extension PodNetwork {
    fileprivate func validate(_ report: inout ValidationReport) {
        if let text = vmNetworkCIDR, !text.isEmpty, !AddressText.isNetwork(text, bits: 32, { AddressText.isIPv4($0) }) {
            let message = "is no network with room for a guest: write one such as 10.0.2.0/24"
            report.error("vmNetworkCIDR", "\(text.quoted) \(message)")
        }
        if let text = vmIPv6NetworkCIDR, !text.isEmpty,
            !AddressText.isNetwork(text, bits: 128, { AddressText.isIPv6($0) })
        {
            let message = "is no IPv6 network with room for a guest: write one such as fd10:0:2::/120"
            report.error("vmIPv6NetworkCIDR", "\(text.quoted) \(message)")
        }
    }
}

extension MultusNetwork {
    fileprivate func validate(_ report: inout ValidationReport) {
        let parts = networkName.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isSound =
            switch parts.count {
            case 1: KubernetesName.isSubdomain(parts[0])
            case 2: KubernetesName.isLabel(parts[0]) && KubernetesName.isSubdomain(parts[1])
            default: false
            }
        if !isSound {
            let message = "is no network attachment: write NAME, or NAMESPACE/NAME"
            report.error("networkName", "\(networkName.quoted) \(message)")
        }
    }
}

extension ValidationReport {
    /// A request of a claim that `spec.resourceClaims` lists.
    mutating func checkClaim(_ claim: String?, _ request: String?, _ listed: Set<String>) {
        if (request ?? "").isEmpty { error("requestName", "is missing: name the request within the claim") }
        guard let claim, !claim.isEmpty else {
            return error("claimName", "is missing: name an entry of spec.resourceClaims")
        }
        checkText("requestName", request, limit: 253)
        if !listed.contains(claim) {
            error("claimName", "no claim is named \(claim.quoted): add one under spec.resourceClaims")
        }
    }
}
