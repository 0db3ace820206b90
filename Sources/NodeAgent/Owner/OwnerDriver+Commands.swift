internal import FoundationEssentials
internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt

/// What users ask of a VM.
extension OwnerDriver {
    func perform(_ command: MachineCommand, _ reply: CommandReply, _ group: inout DiscardingTaskGroup) {
        switch command {
        case .stop(let gracePeriod):
            guard !machine.state.isFinal else { return refuse("it has ended already", reply) }
            note("stop", "a user asked for it")
            reply.resume(returning: .success(nil))
            return feed(.stopRequested(gracePeriod: gracePeriod), &group)
        case .restart:
            guard machine.state == .running else { return refuse("it does not run", reply) }
            note("restart", "a user asked for it")
            reply.resume(returning: .success(nil))
            return feed(.restartRequested, &group)
        default: break
        }
        guard machine.state == .running || machine.state == .stopping else {
            return refuse("it does not run: its phase is \(seen.phase.rawValue)", reply)
        }
        switch command {
        case .pause where seen.isPaused: return refuse("it is paused already", reply)
        case .unpause where !seen.isPaused: return refuse("it is not paused", reply)
        default: break
        }
        guard let connection = environment.libvirt.connection else {
            return reply.resume(returning: .failure(.failed(instance: name, reason: environment.libvirt.problem)))
        }
        let job = GuestCommand(
            command: command, instance: name, domain: owner.domain, hasAgent: seen.agent != nil,
            hasACPI: machine.hasACPI)
        let owner = self.owner
        group.addTask {
            owner.send(.commandDone(command, await job.run(on: connection), reply: reply))
        }
    }

    private var name: String { owner.qualifiedName }

    func thaw(_ group: inout DiscardingTaskGroup) {
        guard machine.state == .running, seen.fsFreezeStatus == "frozen" else { return }
        note("command", "thawed, since nobody did it in time")
        seen.fsFreezeStatus = nil
        withDomain(&group) { domain throws(LibvirtError) in _ = try await domain.thawFilesystems() }
        publish(&group)
    }

    private func refuse(_ reason: String, _ reply: CommandReply) {
        reply.resume(returning: .failure(.conflict(instance: name, reason: reason)))
    }

    func didPerform(
        _ command: MachineCommand, _ result: Result<DocumentNode?, HandsError>, _ group: inout DiscardingTaskGroup
    ) {
        if case .failure(let error) = result {
            note("command", "\(command): \(error)")
            if case .freeze = command { tell(.warning, "FreezeError", "\(error)") }
            return
        }
        switch command {
        // libvirt's event tells of the rest.
        case .pause: seen.isPaused = true
        case .unpause:
            // Of libvirt's event and of this answer the first one tells.
            if seen.isPaused { tell(.normal, "Unpaused", "The guest goes on") }
            seen.isPaused = false
            seen.pausedByIOError = nil
        case .reset: tell(.normal, "Reset", "The guest was reset")
        case .softReboot: tell(.normal, "SoftRebooted", "The guest was asked to reboot")
        case .freeze(let seconds):
            seen.fsFreezeStatus = "frozen"
            // A frozen guest must not depend on whoever froze it.
            if let seconds { schedule(.thawDue, after: Int(clamping: seconds), &group) }
        case .unfreeze: seen.fsFreezeStatus = nil
        default: return
        }
        note("command", "\(command)")
    }
}

/// One command, carried out on its domain.
struct GuestCommand: Sendable {
    let command: MachineCommand
    let instance: String
    let domain: String
    let hasAgent: Bool
    let hasACPI: Bool

    func run(on connection: Connection) async -> Result<DocumentNode?, HandsError> {
        do {
            guard let domain = try await connection.domain(named: domain) else {
                return .failure(.conflict(instance: instance, reason: "libvirt has no domain of it"))
            }
            return .success(try await perform(on: domain))
        } catch let error as HandsError {
            return .failure(error)
        } catch let error as LibvirtError where error.isNotRunning {
            return .failure(.conflict(instance: instance, reason: "\(error)"))
        } catch {
            return .failure(.failed(instance: instance, reason: "\(error)"))
        }
    }

    private func perform(on domain: DomainHandle) async throws -> DocumentNode? {
        switch command {
        case .pause: try await domain.suspend()
        case .unpause:
            try await domain.resume()
            // The guest's clock stood still; one without an agent sets it by itself, or not.
            if hasAgent { try? await domain.setTime(seconds: Int64(Date().timeIntervalSince1970)) }
        case .reset: try await domain.reset()
        case .softReboot:
            guard hasAgent || hasACPI else {
                throw HandsError.conflict(instance: instance, reason: "it has neither a guest agent nor ACPI")
            }
            try await domain.reboot(agent: hasAgent)
        case .freeze:
            try requireAgent()
            _ = try await domain.freezeFilesystems()
        case .unfreeze:
            try requireAgent()
            _ = try await domain.thawFilesystems()
        case .guestOSInfo:
            try requireAgent()
            return GuestDocuments.system(try await domain.guestInfo())
        case .userList:
            try requireAgent()
            return GuestDocuments.users(try await domain.guestInfo(.users).users)
        case .filesystemList:
            try requireAgent()
            return GuestDocuments.filesystems(try await domain.guestFilesystems())
        case .screenshot:
            let shot = try await domain.screenshot()
            return .object([
                DocumentMember("mime", .string(shot.mime)),
                DocumentMember("data", .string(Data(shot.bytes).base64EncodedString())),
            ])
        case .restart, .stop: break
        }
        return nil
    }

    private func requireAgent() throws(HandsError) {
        guard hasAgent else { throw .conflict(instance: instance, reason: "no guest agent is connected") }
    }
}
