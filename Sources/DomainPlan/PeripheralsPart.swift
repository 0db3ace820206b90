import DomainModel
import KubeVirtModel

/// Inputs, TPM, watchdog and random numbers.
enum PeripheralsPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let devices = request.devices
        draft.domain.devices.inputs = inputs(request)
        if devices.rng != nil { draft.domain.devices.rng = RandomNumberGenerator(model: request.virtioModel) }
        if let tpm = devices.tpm, tpm.enabled ?? true {
            draft.domain.devices.tpm = TrustedPlatformModule(model: "tpm-tis")
        }
        if let watchdog = devices.watchdog, let device = watchdog.i6300esb {
            draft.domain.devices.watchdog = WatchdogDevice(
                model: "i6300esb", action: (device.action ?? .reset).rawValue, alias: "ua-\(watchdog.name)")
        }
    }

    private static func inputs(_ request: PlanRequest) -> [InputDevice] {
        var inputs = request.devices.inputs
        if inputs.isEmpty, request.devices.autoattachInputDevice ?? false {
            var input = Input()
            input.name = "default"
            inputs = [input]
        }
        return inputs.map { input in
            let bus = input.bus ?? .usb
            return InputDevice(
                type: input.type.rawValue, bus: bus.rawValue, model: bus == .virtio ? request.virtioModel : nil,
                alias: "ua-\(input.name)")
        }
    }
}
