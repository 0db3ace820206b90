import DomainModel
import KubeVirtModel

/// Machine type, firmware and kernel boot.
enum FirmwarePart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        let firmware = request.domain.firmware
        draft.domain.os.machine = request.domain.machine?.type ?? "q35"
        draft.domain.os.loader = request.resources.firmware
        draft.domain.os.biosUseSerial = firmware?.bootloader?.bios?.useSerial ?? false
        if let kernel = request.resources.kernel {
            draft.domain.os.kernel = kernel.kernel
            draft.domain.os.initrd = kernel.initrd
            draft.domain.os.commandLine = firmware?.kernelBoot?.kernelArgs
        }
        if request.instance.spec.startStrategy == .paused { draft.domain.os.bootMenuTimeout = 10_000 }
        switch request.domain.rebootPolicy {
        case .terminate: draft.domain.onReboot = .destroy
        case .reboot: draft.domain.onReboot = .restart
        case nil: break
        }
    }
}
