import DomainModel
import KubeVirtModel

/// Serial console, VNC and the guest agent's channel.
enum ConsolesPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        draft.domain.devices.channels = [
            Channel(name: "org.qemu.guest_agent.0", socket: request.resources.agentSocket)
        ]
        if request.devices.autoattachSerialConsole ?? true {
            draft.domain.devices.serials = [SerialPort(socket: request.resources.serialSocket)]
        }
        if request.devices.autoattachGraphicsDevice ?? true {
            draft.domain.devices.graphics = Graphics(socket: request.resources.vncSocket)
            draft.domain.devices.video = video(request)
        } else {
            draft.domain.devices.video = VideoCard(model: "none")
        }
    }

    /// VGA for BIOS guests, Bochs for EFI ones, which need no VGA.
    private static func video(_ request: PlanRequest) -> VideoCard {
        let isEFI = request.domain.firmware?.bootloader?.efi != nil
        let model = request.devices.video?.type ?? (isEFI ? "bochs" : "vga")
        return VideoCard(model: model, memoryKiB: model == "vga" ? 16384 : nil)
    }
}
