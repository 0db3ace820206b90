import DomainModel
import KubeVirtModel

/// The controllers that the other parts' devices sit on (`<controller>`).
enum ControllersPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let usesUSB =
            draft.domain.devices.disks.contains { $0.bus == "usb" }
            || draft.domain.devices.inputs.contains { $0.bus == "usb" }
            || draft.domain.devices.hostDevices.contains { $0.type == "usb" }
            || !draft.domain.devices.redirections.isEmpty
        var controllers = [Controller(type: "usb", model: usesUSB ? "qemu-xhci" : "none")]
        draft.because(
            "devices/controller[usb0]", .rule(usesUSB ? "a device sits on USB" : "no device sits on USB"))
        if draft.domain.devices.disks.contains(where: { $0.bus == "scsi" })
            || !(request.devices.disableHotplug ?? false)
        {
            controllers.append(scsi(&draft, request))
        }
        if request.instance.isAnnotated(Annotation.noPCIHole64) {
            var root = Controller(type: "pci", model: "pcie-root")
            root.pcihole64Bytes = 0
            controllers.append(root)
            draft.because("devices/controller[pci0]", .field(annotationField(Annotation.noPCIHole64)))
        }
        if request.devices.autoattachSerialConsole ?? true {
            controllers.append(Controller(type: "virtio-serial", model: request.virtioModel))
            draft.because("devices/controller[virtio-serial0]", .rule("the guest agent's channel sits on it"))
        }
        if request.usesEncryptedMemory {
            for index in controllers.indices where ["scsi", "virtio-serial"].contains(controllers[index].type) {
                var driver = controllers[index].driver ?? ControllerDriver()
                driver.iommu = true
                controllers[index].driver = driver
            }
        }
        draft.domain.devices.controllers = controllers
    }

    /// A SCSI disk's own I/O thread is its controller's, and so it has a queue for each vCPU.
    private static func scsi(_ draft: inout DomainDraft, _ request: PlanRequest) -> Controller {
        var controller = Controller(type: "scsi", model: request.virtioModel)
        var threads = draft.ioThreads
        for disk in request.devices.disks where threads.total > 0 {
            let thread = threads.next(disk)
            guard disk.bus == .scsi, let thread else { continue }
            var driver = ControllerDriver()
            driver.iothread = thread
            driver.queues = request.enabledVCPUs
            controller.driver = driver
            break
        }
        draft.because("devices/controller[scsi0]", .rule("SCSI disks sit on it, now or plugged later"))
        draft.because("devices/controller[scsi0]/driver", .rule("a SCSI disk has a dedicatedIOThread"))
        return controller
    }
}
