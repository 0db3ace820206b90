internal import FoundationEssentials
internal import KubeVirtModel
internal import KubernetesAPI
internal import Libvirt
internal import Logging

/// What the guest and libvirt tell of themselves: console, events, agent.
extension OwnerDriver {
    /// Takes up a domain that runs already.
    func didConnect(_ live: LiveDomain, _ group: inout DiscardingTaskGroup) {
        use(live)
        if console == nil, let path = live.serialSocket, !path.isEmpty {
            do {
                listen(to: try SerialConsole(path: path), &group)
            } catch {
                logger.warning("\(owner.qualifiedName): its serial console at \(path) does not answer: \(error)")
            }
        }
        if live.isAgentConnected { didConnectAgent(&group) }
    }

    func use(_ live: LiveDomain) { seen.live = live }

    func listen(to console: SerialConsole?, _ group: inout DiscardingTaskGroup) {
        self.console?.close()
        self.console = console
        guard let console else { return }
        let hub = owner.hub
        hub.connect { console.type($0) }
        group.addTask { for await bytes in console.output { hub.didPrint(bytes) } }
    }

    func didHappen(_ event: DomainEvent.Kind, _ group: inout DiscardingTaskGroup) {
        switch (machine.state, event) {
        // A start pauses the guest until its console and its ports are there: nobody need hear of that.
        case (.starting, .suspended(ioError: false)), (.starting, .resumed), (.starting, .defined): return
        default: break
        }
        switch event {
        case .stopped(let reason):
            note("event", "libvirt: stopped (\(reason))")
            feed(.domainStopped(Self.stop(reason)), &group)
        case .suspended(let ioError):
            seen.isPaused = true
            if ioError { didFailIO(nil, &group) } else { tell(.normal, "Paused", "The guest is paused") }
            publishIfRunning(&group)
        case .resumed:
            if seen.isPaused { tell(.normal, "Unpaused", "The guest goes on") }
            seen.isPaused = false
            seen.pausedByIOError = nil
            publishIfRunning(&group)
        case .ioError(_, let alias, let reason):
            let disk = alias.hasPrefix("ua-") ? String(alias.dropFirst(3)) : alias
            let text = reason == "enospc" ? "\(disk) (not enough space)" : disk
            tell(.warning, "IOerror", "I/O error on volume \(text)")
            if seen.pausedByIOError == nil || seen.pausedByIOError == "unknown" { seen.pausedByIOError = text }
            note("io error", text)
            publishIfRunning(&group)
        case .agentConnected: didConnectAgent(&group)
        case .agentDisconnected:
            agentWatch.advance()
            seen.agent = nil
            publishIfRunning(&group)
        case .guestPanicked(let crashLoaded):
            let detail = crashLoaded ? "its kernel panicked, and writes a dump" : "its kernel panicked"
            note("panic", detail)
            tell(.warning, "GuestPanicked", "The guest reported that \(detail)")
            environment.metrics.didPanic(owner)
        case .watchdog(let action):
            note("watchdog", "the guest did not feed its watchdog: \(action)")
            tell(.warning, "WatchdogFired", "The guest did not feed its watchdog; action: \(action)")
        case .controlError:
            note("event", "libvirt lost QEMU's monitor")
            verify(&group)
        case .crashed:
            note("event", "libvirt: crashed")
        // QEMU tells of one reset several times.
        case .rebooted where !timeline.ends(with: "reboot", since: now - 2): note("reboot", "the guest rebooted")
        case .defined where machine.state == .running && seen.phase == .running:
            note("changed", "somebody changed the domain's definition in libvirt")
            tell(
                .warning, "DomainChanged",
                "The definition of domain \(owner.domain) was changed in libvirt by somebody else; the next start is made from the VMI again"
            )
        default: break
        }
    }

    private static func stop(_ reason: DomainEvent.StopReason) -> OwnerStateMachine.DomainStop {
        switch reason {
        case .shutdown: .shutdown
        case .destroyed: .destroyed
        case .crashed: .crashed
        case .failed: .failed
        case .migrated, .saved, .other: .unknown
        }
    }

    func publishIfRunning(_ group: inout DiscardingTaskGroup) {
        if seen.phase == .running { publish(&group) }
    }

    // MARK: I/O errors

    /// The guest stands still since a disk failed: which one is asked for, and it is resumed after a while.
    private func didFailIO(_ disk: String?, _ group: inout DiscardingTaskGroup) {
        seen.pausedByIOError = seen.pausedByIOError ?? disk ?? "unknown"
        let owner = self.owner
        let names = Dictionary(
            (seen.live?.targets ?? [:]).map { ($0.value, $0.key) }
        ) { first, _ in first }
        withDomain(&group) { domain throws(LibvirtError) in
            let errors = try await domain.diskErrors()
            guard !errors.isEmpty else { return }
            owner.send(
                .diskErrors(
                    errors.map { error in
                        let name = names[error.target] ?? error.target
                        return error.kind == .noSpace ? "\(name) (not enough space)" : name
                    }))
        }
        let seconds = ioErrors.errorOccurred(at: uptime, resumedAt: resumedAt)
        note("io error", "the guest is resumed in \(seconds) s")
        schedule(.resumeDue, after: seconds, &group)
    }

    private var uptime: Double { origin.duration(to: clock.now).inSeconds }

    func resumeAfterError(_ group: inout DiscardingTaskGroup) {
        guard machine.state == .running, seen.pausedByIOError != nil else { return }
        resumedAt = uptime
        withDomain(&group) { domain throws(LibvirtError) in try await domain.resume() }
    }

    // MARK: Guest agent

    /// Asks the agent at once, and then ever more rarely: addresses come a while after the agent.
    private func didConnectAgent(_ group: inout DiscardingTaskGroup) {
        if seen.agent == nil { seen.agent = AgentObservation() }
        publishIfRunning(&group)
        agentWatch.advance()
        let watch = agentWatch
        let mark = watch.value
        let owner = self.owner
        group.addTask {
            var pause = 0
            while watch.value == mark {
                guard (try? await Task.sleep(for: .seconds(pause))) != nil, watch.value == mark else { return }
                pause = pause == 0 ? 10 : min(pause * 2, 120)
                guard let connection = owner.environment.libvirt.connection,
                    let domain = try? await connection.domain(named: owner.domain)
                else { continue }
                let info = try? await domain.guestInfo()
                let interfaces = (try? await domain.guestInterfaces()) ?? []
                guard info != nil || !interfaces.isEmpty, watch.value == mark else { continue }
                owner.send(.agentObserved(AgentObservation(info: info, interfaces: interfaces)))
            }
        }
    }
}
