import KubernetesModel

extension VirtualMachineInstanceSpec {
    /// Fields that the cluster heeds: they are kept, and wrong ones are told before they get there.
    func validatePodFields(_ report: inout ValidationReport) {
        let policies = ["", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]
        if let dnsPolicy, !policies.contains(dnsPolicy) {
            let choice = Array(policies.dropFirst()).formattedList("or")
            report.error("dnsPolicy", "\(dnsPolicy.quoted) is not supported: write \(choice)")
        }
        let hasPodNetwork = networks.contains { $0.pod != nil }
        for (name, probe) in [("livenessProbe", livenessProbe), ("readinessProbe", readinessProbe)] {
            guard let probe else { continue }
            report.within(name) { probe.validate(&$0, hasPodNetwork: hasPodNetwork) }
        }
        if startStrategy == .paused, livenessProbe != nil {
            report.error("startStrategy", "Paused and livenessProbe exclude each other: remove one")
        }
        report.checkOptionalSubdomain("serviceAccountName", serviceAccountName)
    }

    /// Claims that devices and networks draw on, and volumes beside the machine.
    func validateClaims(_ report: inout ValidationReport) {
        var names: Set<String> = []
        report.each("resourceClaims", in: resourceClaims) { claim, report in
            report.checkLabel("name", claim.name)
            if !names.insert(claim.name).inserted {
                report.error("name", "\(claim.name.quoted) is used twice: give each claim a name of its own")
            }
            report.exclude([
                ("resourceClaimName", claim.resourceClaimName != nil),
                ("resourceClaimTemplateName", claim.resourceClaimTemplateName != nil),
            ])
            if claim.resourceClaimName == nil, claim.resourceClaimTemplateName == nil {
                report.error("names no claim: write resourceClaimName or resourceClaimTemplateName")
            }
            report.checkOptionalSubdomain("resourceClaimName", claim.resourceClaimName)
            report.checkOptionalSubdomain("resourceClaimTemplateName", claim.resourceClaimTemplateName)
        }
        report.each("utilityVolumes", in: utilityVolumes) { volume, report in
            report.checkLabel("name", volume.name)
            report.checkSubdomain("claimName", volume.claimName)
        }
    }
}

extension Probe {
    fileprivate func validate(_ report: inout ValidationReport, hasPodNetwork: Bool) {
        let handlers = [
            ("exec", exec != nil), ("guestAgentPing", guestAgentPing != nil), ("httpGet", httpGet != nil),
            ("tcpSocket", tcpSocket != nil),
        ]
        report.exclude(handlers)
        if !handlers.contains(where: \.1) {
            report.error("asks nothing: add \(handlers.map(\.0).formattedList("or"))")
        }
        if !hasPodNetwork {
            for name in ["httpGet", "tcpSocket"] where handlers.contains(where: { $0.0 == name && $0.1 }) {
                report.error(name, "reaches the guest through the pod network only: add it under spec.networks")
            }
        }
        let numbers = [
            ("failureThreshold", failureThreshold), ("initialDelaySeconds", initialDelaySeconds),
            ("periodSeconds", periodSeconds), ("successThreshold", successThreshold),
            ("timeoutSeconds", timeoutSeconds),
        ]
        for (name, number) in numbers {
            if let number, number < 0 { report.error(name, "\(number) is negative: write 0 or more") }
        }
    }
}
