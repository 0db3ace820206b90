import DomainModel
import KubeVirtModel

/// Serial console, VNC, the guest agent's channel and the one for host metrics.
enum ConsolesPart {
    private static let field = "spec.domain.devices"

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        draft.domain.devices.channels = [
            Channel(name: "org.qemu.guest_agent.0", socket: request.resources.agentSocket)
        ]
        draft.because("devices/channel", .rule("every guest can run the guest agent"))
        if request.devices.downwardMetrics != nil, let socket = request.resources.metricsSocket {
            draft.domain.devices.channels.append(Channel(name: "org.github.vhostmd.1", socket: socket))
            draft.because("devices/channel[org.github.vhostmd.1]", .field("\(field).downwardMetrics"))
        }
        if request.devices.autoattachSerialConsole ?? true {
            draft.domain.devices.serials = [SerialPort(socket: request.resources.serialSocket)]
            draft.domain.devices.consoles = [Console(type: "pty", targetType: "serial", targetPort: 0)]
            draft.because("devices/serial", .field("\(field).autoattachSerialConsole"))
            draft.because("devices/console", .field("\(field).autoattachSerialConsole"))
        }
        if request.devices.autoattachGraphicsDevice ?? true {
            draft.domain.devices.graphics = Graphics(socket: request.resources.vncSocket)
            draft.domain.devices.video = video(request)
            draft.because("devices/graphics", .field("\(field).autoattachGraphicsDevice"))
            draft.because(
                "devices/video",
                request.devices.video?.type == nil
                    ? .rule("VGA for BIOS, Bochs for EFI") : .field("\(field).video.type"))
        }
    }

    /// VGA for BIOS guests, Bochs for EFI ones, which need no VGA.
    private static func video(_ request: PlanRequest) -> VideoCard {
        if let type = request.devices.video?.type { return VideoCard(model: type, memoryKiB: 16384) }
        let isEFI = request.domain.firmware?.bootloader?.efi != nil
        return isEFI ? VideoCard(model: "bochs") : VideoCard(model: "vga", memoryKiB: 16384)
    }
}
