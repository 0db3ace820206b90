import KubernetesModel

extension Devices {
    /// Video, watchdog, sound and panic devices; inputs have but their names.
    func validatePeripherals(_ report: inout ValidationReport) {
        let cards = ["vga", "virtio", "bochs", "cirrus", "qxl", "ramfb"]
        if let type = video?.type, !type.isEmpty, !cards.contains(type) {
            report.error("video.type", "\(type.quoted) is not supported: write \(cards.formattedList("or"))")
        }
        if video != nil, autoattachGraphicsDevice == false {
            report.error("video", "there is no screen with autoattachGraphicsDevice: false: remove one of the two")
        }
        if let watchdog, watchdog.diag288 != nil {
            report.error("watchdog.diag288", "is a device of s390x: write i6300esb")
        }
        var models: Set<PanicModel> = []
        report.each("panicDevices", in: panicDevices) { device, report in
            let model = device.model ?? .isa
            if !models.insert(model).inserted {
                report.error("model", "\(model.rawValue) is used twice: a machine has one of each model; remove one")
            }
        }
    }
}
