import DomainModel
import KubeVirtModel

/// Inputs, sound, TPM, watchdog, random numbers, vsock, panic devices and USB redirection.
enum PeripheralsPart {
    private static let field = "spec.domain.devices"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        draft.domain.devices.inputs = inputs(request)
        if request.devices.rng != nil {
            var rng = RandomNumberGenerator(model: request.virtioModel)
            rng.driverIOMMU = request.usesEncryptedMemory ? true : nil
            draft.domain.devices.rng = rng
        }
        if let sound = request.devices.sound {
            var card = DomainModel.Sound()
            card.model = (sound.model ?? .ich9).rawValue
            card.alias = "ua-\(sound.name)"
            draft.domain.devices.sounds = [card]
        }
        if let tpm = request.devices.tpm, tpm.isOn {
            draft.domain.devices.tpm = module(isPersistent: tpm.persistent ?? false)
        }
        if let watchdog = request.devices.watchdog, let device = watchdog.i6300esb {
            draft.domain.devices.watchdog = WatchdogDevice(
                model: "i6300esb", action: (device.action ?? .reset).rawValue, alias: "ua-\(watchdog.name)")
        }
        addPanics(&draft, request)
        addVSOCK(&draft, request)
        if request.devices.clientPassthrough != nil {
            draft.domain.devices.redirections = request.resources.usbRedirectionSockets.map { socket in
                var device = USBRedirection()
                device.bus = "usb"
                device.type = "unix"
                device.sourceMode = "bind"
                device.path = socket
                return device
            }
        }
        explain(&draft)
    }

    private static func inputs(_ request: PlanRequest) -> [InputDevice] {
        var inputs = request.devices.inputs
        if inputs.isEmpty, request.devices.autoattachInputDevice ?? false {
            var input = Input()
            input.name = "default-0"
            inputs = [input]
        }
        return inputs.map { input in
            let bus = input.bus ?? .usb
            return InputDevice(
                type: input.type.rawValue, bus: bus.rawValue, model: bus == .virtio ? "virtio" : nil,
                alias: "ua-\(input.name)")
        }
    }

    /// State that outlives the VM comes with the newer interface, as in KubeVirt.
    private static func module(isPersistent: Bool) -> TrustedPlatformModule {
        var module = TrustedPlatformModule(model: isPersistent ? "tpm-crb" : "tpm-tis")
        module.persistentState = isPersistent ? true : nil
        return module
    }

    private static func addPanics(_ draft: inout DomainDraft, _ request: PlanRequest) {
        for (index, spec) in request.devices.panicDevices.enumerated() {
            if spec.model == .hyperv, request.accelerator == .emulation {
                draft.adapt(
                    "HyperVPanicDropped", "\(field).panicDevices[\(index)].model",
                    "software emulation has no Hyper-V crash registers: a crash of the guest goes unnoticed; use isa")
                continue
            }
            var panic = Panic()
            panic.model = (spec.model ?? .isa).rawValue
            if spec.model == .pvpanic {
                // A device of later libvirts; the guest's driver is the same.
                panic.model = PanicModel.isa.rawValue
                draft.warn(
                    "PanicModelReplaced", "\(field).panicDevices[\(index)].model",
                    "libvirt 9 has no pvpanic on PCI: the guest gets the one on ISA")
            }
            guard !draft.domain.devices.panics.contains(panic) else { continue }
            draft.domain.devices.panics.append(panic)
        }
    }

    private static func addVSOCK(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard request.devices.autoattachVSOCK ?? false else { return }
        var vsock = VSOCK()
        // QEMU has no transitional one.
        vsock.model = "virtio-non-transitional"
        if let cid = request.instance.status?.VSOCKCID {
            vsock.cid = cid
            draft.because("devices/vsock/cid", .field("status.VSOCKCID"))
        } else {
            vsock.auto = true
            draft.because("devices/vsock/cid", .rule("libvirt takes a free one"))
        }
        draft.domain.devices.vsock = vsock
    }

    private static func explain(_ draft: inout DomainDraft) {
        guard draft.isExplaining else { return }
        let fields = [
            "input": "inputs", "rng": "rng", "sound": "sound", "tpm": "tpm", "watchdog": "watchdog",
            "panic": "panicDevices", "vsock": "autoattachVSOCK", "redirdev": "clientPassthrough",
        ]
        for (element, name) in fields { draft.because("devices/\(element)", .field("\(field).\(name)")) }
    }
}
