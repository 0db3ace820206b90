internal import DomainModel
internal import FoundationEssentials
internal import KubeVirtModel
internal import Libvirt
internal import Logging
internal import SystemPackage

/// What the state machine's actions do.
extension OwnerDriver {
    func perform(_ actions: [OwnerStateMachine.Action], _ group: inout DiscardingTaskGroup) {
        for action in actions {
            switch action {
            case .start: start(&group)
            case .cancelStart: cancelStart()
            case .verify: verify(&group)
            case .recordStop(let purpose):
                intent?.stop = purpose
                unwritten = intent
            case .sendShutdown:
                // A signal that does not arrive is repeated, and a kill follows it: its failure needs no word.
                withDomain(&group) { domain throws(LibvirtError) in _ = try? await domain.shutdown() }
            case .scheduleSignal(let seconds): schedule(.machine(.signalDue), after: seconds, &group)
            case .scheduleKill(let seconds): schedule(.machine(.graceExpired), after: Int(clamping: seconds), &group)
            case .destroy(let gracefully): destroy(gracefully: gracefully, &group)
            case .scheduleDestroy(let seconds): schedule(.machine(.destroyDue), after: seconds, &group)
            case .release(let next): release(next, &group)
            case .scheduleRelease(let seconds): schedule(.machine(.releaseDue), after: seconds, &group)
            case .scheduleRetry(let seconds):
                note("retry", "in \(seconds) s, or as soon as the cause is gone")
                schedule(.machine(.retryDue), after: seconds, &group)
            case .finish: finish(&group)
            }
        }
    }

    func schedule(_ input: OwnerInput, after seconds: Int, _ group: inout DiscardingTaskGroup) {
        schedule(input, after: .seconds(seconds), &group)
    }

    func schedule(_ input: OwnerInput, after pause: Duration, _ group: inout DiscardingTaskGroup) {
        let owner = self.owner
        group.addTask {
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            owner.send(input)
        }
    }

    /// Runs `body` on the domain, where libvirt can be asked.
    func withDomain(
        _ group: inout DiscardingTaskGroup,
        _ body: @escaping @Sendable (DomainHandle) async throws(LibvirtError) -> Void
    ) {
        guard let connection = environment.libvirt.connection else { return }
        let owner = self.owner
        let logger = self.logger
        let record = takeRecord()
        group.addTask {
            await record()
            do throws(LibvirtError) {
                guard let domain = try await connection.domain(named: owner.domain) else { return }
                try await body(domain)
            } catch {
                // A domain that ended meanwhile refuses the call, and its event tells the rest.
                guard !error.isNoDomain, !error.isNotRunning else { return }
                logger.warning("\(owner.qualifiedName): \(error)")
            }
        }
    }

    /// Writes what must be on disk first; one that cannot be written must not keep a guest from being stopped.
    private func takeRecord() -> @Sendable () async -> Void {
        guard let intent = unwritten else { return {} }
        unwritten = nil
        let owner = self.owner
        return { await owner.environment.work(on: owner) { store throws(AgentError) in try store.update(intent) } }
    }

    private func destroy(gracefully: Bool, _ group: inout DiscardingTaskGroup) {
        guard let connection = environment.libvirt.connection else { return owner.send(.machine(.destroyFailed)) }
        let owner = self.owner
        let logger = self.logger
        let record = takeRecord()
        let qemu = intent?.qemu
        group.addTask {
            await record()
            await withTaskGroup(of: Void.self) { race in
                race.addTask {
                    // libvirt waits for a monitor that is silent far longer than a user does. A QEMU that does not
                    // answer it answers the kernel, and then libvirt's call returns.
                    guard (try? await Task.sleep(for: .seconds(gracefully ? 10 : 5))) != nil else { return }
                    logger.warning("\(owner.qualifiedName): libvirt does not end QEMU in time: the kernel does")
                    qemu?.kill()
                }
                do throws(LibvirtError) {
                    if let domain = try await connection.domain(named: owner.domain) {
                        try await domain.destroy(gracefully: gracefully)
                    }
                    // QEMU is gone once the call returns: the event, should it be late, says nothing new.
                    owner.send(.machine(.domainStopped(.destroyed)))
                } catch {
                    logger.warning("\(owner.qualifiedName): libvirt could not end QEMU: \(error)")
                    if !gracefully { qemu?.kill() }
                    owner.send(.machine(.destroyFailed))
                }
                race.cancelAll()
            }
        }
    }

    /// Asks what became of the domain.
    func verify(_ group: inout DiscardingTaskGroup) {
        guard let intent, let connection = environment.libvirt.connection else { return }
        let inspector = DomainInspector(connection: connection, bootID: environment.bootID)
        let owner = self.owner
        group.addTask {
            do throws(LibvirtError) {
                let finding = try await inspector.find(intent)
                var live: LiveDomain?
                if finding.truth == .alive, let domain = finding.domain {
                    live = try? LiveDomain(try await domain.xml())
                }
                owner.send(.found(finding, live))
            } catch {
                owner.send(.findingFailed(error))
            }
        }
    }

    func didFind(_ finding: DomainInspector.Finding, _ live: LiveDomain?, _ group: inout DiscardingTaskGroup) {
        var truth = finding.truth
        if truth == .unknown, finding.qemu == nil, finding.domain != nil, verifyAttempts >= Self.patience {
            // libvirt had its time to find out: no process runs this domain.
            truth = intent?.qemu == nil ? .neverRan : .stopped(.crashed)
            note("gone", "libvirt still calls the domain running, and no QEMU of it is there")
        }
        switch truth {
        case .unknown: return verifyLater(&group)
        // The look began before the domain ended: what it saw is no more.
        case .alive where !machine.state.holdsDomain: verifyAttempts = 0
        case .alive:
            verifyAttempts = 0
            if isUnproven { environment.metrics.didAdopt() }
            isUnproven = false
            if let live { didConnect(live, &group) }
            seen.isPaused = finding.isPaused
            if let qemu = finding.qemu {
                if intent?.qemu != qemu {
                    intent?.qemu = qemu
                    keepIntent(&group)
                }
                if watchedQEMU != qemu {
                    seen.ties = ProcessTie.ties(of: qemu.pid)
                    watch(qemu, &group)
                }
            }
            seen.enter(.running, at: .now)
            repin(&group)
        default: verifyAttempts = 0
        }
        feed(.truthFound(truth), &group)
    }

    /// Hears of QEMU's end from the kernel too.
    func watch(_ qemu: ProcessIdentity, _ group: inout DiscardingTaskGroup) {
        watchedQEMU = qemu
        let owner = self.owner
        group.addTask {
            for await _ in ProcessExit.wait(for: qemu.pid) {}
            owner.send(.qemuExited(qemu))
        }
    }

    /// Attempts in which libvirt, which takes a while after its own start, and the host are let disagree: 7.75 s.
    private static let patience = 5

    func verifyLater(_ group: inout DiscardingTaskGroup) {
        verifyAttempts += 1
        seen.unknown = "libvirt and the host do not agree yet on whether QEMU runs"
        schedule(.verifyDue, after: .milliseconds(min(10_000, 125 << min(verifyAttempts, 7))), &group)
        publish(&group)
    }

    /// Writes the intent as it is now.
    func keepIntent(_ group: inout DiscardingTaskGroup) {
        guard let intent else { return }
        let owner = self.owner
        group.addTask {
            await owner.environment.work(on: owner) { store throws(AgentError) in try store.update(intent) }
        }
    }

    /// Gives everything back. What comes next is written down first, so that no crash forgets it.
    private func release(_ next: OwnerStateMachine.Next, _ group: inout DiscardingTaskGroup) {
        // The one that runs tells of its end, and a second one beside it would write after it.
        guard !isGivingBack else { return }
        guard var intent else { return owner.send(.didRelease([])) }
        intent.placement = nil
        intent.memory = nil
        if case .ended(let ending) = next {
            intent.ending = EndingRecord(
                phase: ending.phase.rawValue, reason: ending.reason, wasRequested: ending.wasRequested)
        }
        intent.startsAgain = next == .idle ? true : nil
        self.intent = intent
        let (owner, environment) = (self.owner, self.environment)
        let kept = intent
        // Between two attempts nothing is held, and there is nothing to remember.
        let keepsIntent = if case .waiting = next { false } else { true }
        guard let connection = environment.libvirt.connection else {
            return owner.send(.didRelease([.libvirtAbsent(instance: owner.qualifiedName)]))
        }
        isGivingBack = true
        group.addTask {
            let cleanup = MachineCleanup(
                intent: kept, store: IntentStore(environment.folders), connection: connection,
                devices: environment.devices)
            owner.send(.didRelease(await cleanup.undo(keepsIntent: keepsIntent, on: environment.disk)))
        }
    }

    func didRelease(_ problems: [AgentError], _ group: inout DiscardingTaskGroup) {
        isGivingBack = false
        for problem in problems {
            logger.warning("\(owner.qualifiedName): \(ErrorText.line(problem))", metadata: metadata)
        }
        guard problems.isEmpty else {
            note("release", ErrorText.line(problems[0]))
            return feed(.released(isClean: false), &group)
        }
        environment.allocator.release(owner.uid)
        if case .releasing(.waiting) = machine.state {
            // An attempt that failed gives nothing back that others wait for.
            intent = nil
        } else {
            environment.causeGone(except: owner)
        }
        intent?.qemu = nil
        seen.live = nil
        feed(.released(isClean: true), &group)
    }

    /// Forgets the intent: nothing is held, and the API knows how the VM ended.
    func endIntent(_ group: inout DiscardingTaskGroup) {
        guard let intent else { return }
        self.intent = nil
        let owner = self.owner
        group.addTask { await owner.environment.work(on: owner) { store throws(AgentError) in try store.end(intent) } }
    }
}
