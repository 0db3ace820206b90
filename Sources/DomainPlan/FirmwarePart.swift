import DomainModel
import KubeVirtModel

/// Machine type, firmware, ACPI tables, kernel boot (`<os>`), and what a reboot does (`<on_reboot>`).
enum FirmwarePart {
    private static let field = "spec.domain.firmware"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let firmware = request.domain.firmware
        draft.domain.os.machine = request.domain.machine?.type ?? "q35"
        draft.domain.os.loader = request.resources.firmware
        // libvirt refuses it without a serial port.
        draft.domain.os.biosUseSerial =
            firmware?.bootloader?.bios?.useSerial ?? false && request.devices.autoattachSerialConsole ?? true
        // Arguments without a kernel mean nothing, and libvirt refuses them.
        if let kernel = request.resources.kernel {
            draft.domain.os.kernel = kernel.kernel
            draft.domain.os.initrd = kernel.initrd
            draft.domain.os.commandLine = firmware?.kernelBoot?.kernelArgs
        }
        if firmware?.acpi != nil { addACPITables(&draft, request) }
        if request.instance.spec.startStrategy == .paused { draft.domain.os.bootMenuTimeout = 10_000 }
        switch request.domain.rebootPolicy {
        case .terminate: draft.domain.onReboot = .destroy
        case .reboot: draft.domain.onReboot = .restart
        case nil: break
        }
        addIgnition(&draft, request)
        explain(&draft)
    }

    /// libvirt 9 knows the table of Windows' older licences only.
    private static func addACPITables(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let acpi = request.domain.firmware?.acpi
        if let folder = acpi?.slicNameRef.flatMap({ request.resources.acpiTables[$0] }) {
            draft.domain.os.acpiTables = [ACPITable(type: "slic", path: "\(folder)/slic.bin")]
        }
        if acpi?.msdmNameRef != nil {
            draft.warn(
                "MSDMTableDropped", "\(field).acpi.msdmNameRef",
                "libvirt 9 hands over no MSDM table: Windows does not find its licence in the firmware")
        }
    }

    private static func addIgnition(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let file = request.resources.ignitionFile else { return }
        draft.domain.qemuArguments += ["-fw_cfg", "name=opt/com.coreos/config,file=\(file)"]
        draft.because("commandline", .field(annotationField(Annotation.ignition)))
    }

    private static func explain(_ draft: inout DomainDraft) {
        guard draft.isExplaining else { return }
        draft.because("os/type@machine", .field("spec.domain.machine.type"))
        draft.because("os/type@arch", .field("spec.architecture"))
        draft.because("os/loader", .field("\(field).bootloader.efi"))
        draft.because("os/loader@secure", .field("\(field).bootloader.efi.secureBoot"))
        draft.because("os/nvram", .field("\(field).bootloader.efi"))
        draft.because("os/bios", .field("\(field).bootloader.bios.useSerial"))
        draft.because("os/acpi", .field("\(field).acpi"))
        draft.because("os/kernel", .field("\(field).kernelBoot.container.kernelPath"))
        draft.because("os/initrd", .field("\(field).kernelBoot.container.initrdPath"))
        draft.because("os/cmdline", .field("\(field).kernelBoot.kernelArgs"))
        draft.because("os/bootmenu", .field("spec.startStrategy"))
        draft.because("on_reboot", .field("spec.domain.rebootPolicy"))
    }
}
