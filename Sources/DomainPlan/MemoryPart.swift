import DomainModel
import KubeVirtModel
import KubernetesModel

/// The guest's memory.
enum MemoryPart {
    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        draft.domain.memoryBytes = request.domain.memory?.guest?.roundedDown ?? 0
        let devices = request.devices
        guard devices.autoattachMemBalloon ?? true else {
            draft.domain.devices.memballoon = MemoryBalloon(model: "none")
            return
        }
        draft.domain.devices.memballoon = MemoryBalloon(
            model: request.virtioModel, freePageReporting: true, statisticsPeriod: 10)
    }
}
