import DomainModel
import KubeVirtModel

/// Folders that the guest shares with the host through virtiofs (`<filesystem>`).
enum FilesystemsPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        draft.domain.devices.filesystems = request.devices.filesystems.enumerated().compactMap { index, spec in
            guard let socket = request.resources.filesystems[spec.name] else { return nil }
            var filesystem = DomainModel.Filesystem()
            filesystem.type = "mount"
            filesystem.accessMode = "passthrough"
            filesystem.driverType = "virtiofs"
            filesystem.queue = 1024
            filesystem.sourceSocket = socket
            filesystem.target = spec.name
            draft.because("devices/filesystem[\(spec.name)]", .field("spec.domain.devices.filesystems[\(index)]"))
            return filesystem
        }
    }
}
