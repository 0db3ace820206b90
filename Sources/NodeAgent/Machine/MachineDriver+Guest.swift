internal import DomainPlan
internal import KubeVirtModel
internal import Libvirt

/// What the guest and libvirt tell of themselves: console, events, agent.
extension MachineDriver {
    func didPrint(_ bytes: [UInt8]) {
        machine.report(.console(bytes))
        guard let begin = bootBegin else { return }
        for sign in boot.take(bytes) {
            switch sign {
            case .firstLine: reportStep(.guestSpeaks, since: begin, detail: "first line on its serial console")
            case .prompt: reportStep(.guestBooted, since: begin, detail: "a prompt on its serial console")
            }
        }
    }

    func take(_ event: DomainEvent.Kind, _ starter: MachineStarter, _ group: inout TaskGroup<Void>) {
        switch event {
        case .stopped(let reason):
            perform(lifecycle.handle(.domainStopped(Self.stop(reason))), starter, &group)
        case .suspended(let ioError):
            seen.isPaused = true
            if ioError, seen.pausedByIOError == nil { seen.pausedByIOError = "unknown" }
            publishIfRunning()
        case .resumed:
            seen.isPaused = false
            seen.pausedByIOError = nil
            publishIfRunning()
        case .ioError(_, let alias, let reason):
            let disk = alias.hasPrefix("ua-") ? String(alias.dropFirst(3)) : alias
            seen.pausedByIOError = reason.isEmpty ? disk : "\(disk) (\(reason))"
            publishIfRunning()
        case .agentConnected:
            seen.agent = AgentObservation()
            publishIfRunning()
            watchAgent(&group)
        case .agentDisconnected:
            seen.agent = nil
            publishIfRunning()
        case .defined, .undefined, .started, .shutdown, .guestPanicked, .crashed, .rebooted, .watchdog, .controlError,
            .deviceAdded, .deviceRemoved, .deviceRemovalFailed, .balloonChanged, .memoryFailure, .other:
            break
        }
    }

    private static func stop(_ reason: DomainEvent.StopReason) -> MachineStateMachine.DomainStop {
        switch reason {
        case .shutdown: .shutdown
        case .destroyed: .destroyed
        case .crashed: .crashed
        case .failed: .failed
        case .migrated, .saved, .other: .unknown
        }
    }

    /// Asks the agent at once, and then ever more rarely: addresses come a while after the agent.
    private func watchAgent(_ group: inout TaskGroup<Void>) {
        let machine = self.machine
        let name = DomainName.of(namespace: machine.instance.namespace, name: machine.instance.name)
        group.addTask {
            for pause in [0, 3, 10, 30, 60] + Array(repeating: 120, count: 10_000) {
                guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
                guard let domain = try? await machine.environment.connection.domain(named: name) else { return }
                let info = try? await domain.guestInfo()
                let interfaces = (try? await domain.guestInterfaces()) ?? []
                guard info != nil || !interfaces.isEmpty else { continue }
                machine.send(.agentObserved(AgentObservation(info: info, interfaces: interfaces)))
            }
        }
    }
}
