import KubernetesModel

extension VirtualMachineInstanceSpec {
    /// Devices of the host, each granted by a device plugin or by a claim.
    func validateHostDevices(_ report: inout ValidationReport) {
        var hasScreen = false
        let claims = Set(resourceClaims.map(\.name))
        report.each("gpus", in: domain.devices.gpus) { gpu, report in
            report.checkGrant(gpu.deviceName, gpu.claimName, gpu.requestName, claims)
            report.checkTag(gpu.tag)
            guard let display = gpu.virtualGPUOptions?.display, display.isOn, display.ramFB?.isOn ?? true else {
                return
            }
            if hasScreen {
                let message =
                    "another GPU draws the screen before the guest's driver does: write enabled: false in all but one"
                report.error("virtualGPUOptions.display.ramFB", message)
            }
            hasScreen = true
        }
        report.each("hostDevices", in: domain.devices.hostDevices) { device, report in
            report.checkGrant(device.deviceName, device.claimName, device.requestName, claims)
            report.checkTag(device.tag)
        }
    }
}

extension ValidationReport {
    fileprivate mutating func checkGrant(
        _ resource: String?, _ claim: String?, _ request: String?, _ claims: Set<String>
    ) {
        let hasClaim = !(claim ?? "").isEmpty || !(request ?? "").isEmpty
        guard let resource, !resource.isEmpty else {
            guard hasClaim else {
                return error("names no device: write deviceName, or claimName and requestName")
            }
            return checkClaim(claim, request, claims)
        }
        if hasClaim { error("deviceName and claimName exclude each other: keep one") }
        let isSound =
            resource.utf8.count <= 317
            && resource.consists {
                $0.isSerialByte || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":")
            }
        if !isSound { error("deviceName", "\(resource.quoted) is no resource: write one such as nvidia.com/A100") }
    }
}
