import KubernetesModel

extension CPU {
    /// What a q35 machine of QEMU 7.2 takes.
    static let mostVCPUs: UInt64 = 288

    func validate(_ report: inout ValidationReport, _ domain: DomainSpec) {
        validateTopology(&report)
        if let model, !Self.isName(model) {
            let message = "is no CPU model: write host-model, host-passthrough or a name such as EPYC"
            report.error("model", "\(model.quoted) \(message)")
        }
        var names: Set<String> = []
        report.each("features", in: features) { feature, report in
            if !Self.isName(feature.name) {
                report.error("name", "\(feature.name.quoted) is no CPU feature: write one such as vmx")
            } else if !names.insert(feature.name).inserted {
                report.error("name", "\(feature.name.quoted) is used twice: remove one")
            }
        }
        validatePlacement(&report, domain)
    }

    private static func isName(_ text: String) -> Bool { text.utf8.count <= 64 && text.consists(of: \.isSerialByte) }

    private func validateTopology(_ report: inout ValidationReport) {
        if vcpus > Self.mostVCPUs { report.error(Self.complaint(sockets: sockets ?? 1, self)) }
        guard let maxSockets, maxSockets > 0 else { return }
        if let sockets, sockets > maxSockets {
            report.error("maxSockets", "\(maxSockets) is less than the \(sockets) sockets: write \(sockets) or more")
        } else if vcpus <= Self.mostVCPUs, withSockets(maxSockets).vcpus > Self.mostVCPUs {
            report.error("maxSockets", Self.complaint(sockets: maxSockets, self))
        }
    }

    private func withSockets(_ sockets: UInt32) -> CPU {
        var cpu = self
        cpu.sockets = sockets
        return cpu
    }

    private static func complaint(sockets: UInt32, _ cpu: CPU) -> String {
        let product = cpu.withSockets(sockets).vcpus
        let count = product == .max ? "more vCPUs than there are numbers" : "\(product) vCPUs"
        return
            "\(sockets) sockets x \(cpu.cores ?? 1) cores x \(cpu.threads ?? 1) threads are \(count), and a guest takes at most \(mostVCPUs)"
    }

    private func validatePlacement(_ report: inout ValidationReport, _ domain: DomainSpec) {
        let isDedicated = dedicatedCpuPlacement ?? false
        if isDedicated, let threads, threads > 2 {
            report.error("threads", "\(threads) is more than a host core has: with dedicated CPUs write 1 or 2")
        }
        if isolateEmulatorThread ?? false, !isDedicated {
            report.error("isolateEmulatorThread", "needs dedicatedCpuPlacement: true beside it")
        }
        if numa?.guestMappingPassthrough != nil {
            if !isDedicated {
                report.error("numa.guestMappingPassthrough", "needs dedicatedCpuPlacement: true beside numa")
            }
            if domain.memory?.hugepages == nil {
                let message = "needs pages that are bound to cells: add spec.domain.memory.hugepages"
                report.error("numa.guestMappingPassthrough", message)
            }
        }
        if let realtime { validate(realtime, &report) }
    }

    private func validate(_ realtime: Realtime, _ report: inout ValidationReport) {
        if !(dedicatedCpuPlacement ?? false) {
            report.error("realtime", "needs dedicatedCpuPlacement: true beside it")
        }
        if numa?.guestMappingPassthrough == nil {
            report.error(
                "realtime", "needs numa.guestMappingPassthrough beside it: add numa: {guestMappingPassthrough: {}}")
        }
        guard let mask = realtime.mask, vcpus <= Self.mostVCPUs else { return }
        do { _ = try VCPUMask(checking: mask, count: Int(vcpus)) } catch { report.error("realtime.mask", "\(error)") }
    }
}
