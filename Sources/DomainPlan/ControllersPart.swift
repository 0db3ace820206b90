import DomainModel
import KubeVirtModel

/// The controllers that the other parts' devices sit on: the last part.
enum ControllersPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let devices = draft.domain.devices
        let usesUSB = devices.disks.contains { $0.bus == "usb" } || devices.inputs.contains { $0.bus == "usb" }
        let usesSCSI = devices.disks.contains { $0.bus == "scsi" }
        var controllers = [Controller(type: "usb", model: usesUSB ? "qemu-xhci" : "none")]
        if usesSCSI || !(request.devices.disableHotplug ?? false) {
            controllers.append(Controller(type: "scsi", model: request.virtioModel))
        }
        controllers.append(Controller(type: "virtio-serial", model: request.virtioModel))
        draft.domain.devices.controllers = controllers
    }
}
