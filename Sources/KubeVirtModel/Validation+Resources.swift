import KubernetesModel

extension Resources {
    func validate(_ report: inout ValidationReport, _ cpu: CPU?) {
        for (field, amounts) in [("limits", limits), ("requests", requests)] {
            for (name, amount) in amounts.sorted(by: { $0.key < $1.key }) where amount.milli < 0 {
                report.error("\(field)[\(name.cut(to: 320))]", "\"\(amount.text)\" is negative: write 0 or more")
            }
        }
        for (name, request) in requests.sorted(by: { $0.key < $1.key }) {
            guard let limit = limits[name], limit.milli > 0, request.milli > limit.milli else { continue }
            let message = "is more than the limit \"\(limit.text)\": lower it"
            report.error("requests[\(name.cut(to: 320))]", "\"\(request.text)\" \(message)")
        }
        if let cpu, cpu.dedicatedCpuPlacement ?? false { validateDedicated(&report, cpu) }
    }

    /// A VM with CPUs of its own has whole ones, as many as vCPUs, and asks for what it is limited to.
    private func validateDedicated(_ report: inout ValidationReport, _ cpu: CPU) {
        for (field, amount, isCopy) in [
            ("limits[cpu]", limits["cpu"], false), ("requests[cpu]", requests["cpu"], requests["cpu"] == limits["cpu"]),
        ] {
            guard let amount, amount.milli > 0, !isCopy else { continue }
            if amount.milli % 1000 != 0 {
                report.error(field, "\"\(amount.text)\" is not whole: dedicated CPUs come in whole ones")
            } else if cpu.vcpus <= CPU.mostVCPUs, UInt64(amount.roundedUp) != cpu.vcpus {
                let message =
                    "is not the number of vCPUs, \(cpu.vcpus): with dedicated CPUs write that, or leave it out"
                report.error(field, "\"\(amount.text)\" \(message)")
            }
        }
        if let request = requests["memory"], let limit = limits["memory"], limit.milli > 0, request.milli > 0,
            request.milli < limit.milli
        {
            let message = "is not the limit \"\(limit.text)\": with dedicated CPUs the two are equal"
            report.error("requests[memory]", "\"\(request.text)\" \(message)")
        }
    }
}
