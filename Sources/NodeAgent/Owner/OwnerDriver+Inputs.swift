internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Libvirt
internal import Logging

/// What the owner makes of each input.
extension OwnerDriver {
    func take(_ input: OwnerInput, _ group: inout DiscardingTaskGroup) {
        switch input {
        case .object(let object): didSee(object, &group)
        case .removed:
            delivery.isRemoved = true
            note("removed", "the API has no such VMI any more")
            feed(.wishChanged(.remove), &group)
        case .held(let isHeld):
            self.isHeld = isHeld
            feed(.wishChanged(wish), &group)
        case .machine(let input): feed(input, &group)
        case .event(let event): didHappen(event, &group)
        case .libvirtLost(let reason):
            if machine.state.holdsDomain { seen.unknown = reason }
            if case .starting = machine.state {
                seen.unknown = reason
                publish(&group)
            }
            feed(.libvirtLost, &group)
        case .libvirtFound:
            if case .starting = machine.state { seen.unknown = nil }
            if machine.state.holdsDomain || machine.state.isReleasing { verify(&group) }
            feed(.libvirtFound, &group)
        case .found(let finding, let live): didFind(finding, live, &group)
        case .findingFailed(let error):
            logger.warning("\(owner.qualifiedName): \(error)")
            if environment.libvirt.connection != nil { verifyLater(&group) }
        case .sharedCPUsChanged: repin(&group)
        case .verifyDue: if machine.state.holdsDomain { verify(&group) }
        case .qemuExited(let qemu):
            // libvirt's own event tells why; it has a moment.
            schedule(.exitUnconfirmed(qemu), after: 1, &group)
        case .exitUnconfirmed(let qemu):
            guard machine.state.holdsDomain, intent?.qemu == qemu, !qemu.isAlive else { return }
            note("event", "QEMU process \(qemu.pid) is gone, and libvirt said nothing")
            verify(&group)
        case .started(.success(let started)): didStart(started, &group)
        case .started(.failure(let error)): didFail(error, &group)
        case .didRelease(let problems): didRelease(problems, &group)
        case .agentObserved(let agent):
            if seen.agent?.info == nil, let name = agent.info?.parameters["os.pretty-name"] { note("guest", name) }
            seen.agent = agent
            publish(&group)
        case .diskErrors(let disks):
            seen.pausedByIOError = disks.joined(separator: ", ")
            publish(&group)
        case .resumeDue: resumeAfterError(&group)
        case .thawDue: thaw(&group)
        case .step(let step, let seconds, let detail):
            timeline.add(step.rawValue, detail, seconds: seconds, at: now)
            environment.metrics.didStep(step, seconds)
        case .planned(let xml, let request):
            plannedXML = xml
            plannedRequest = request
        case .command(let command, let reply): perform(command, reply, &group)
        case .commandDone(let command, let result, let reply):
            didPerform(command, result, &group)
            reply.resume(returning: result)
            publish(&group)
        case .reportWanted(let reply): report(to: reply, &group)
        case .writeDone(let result): didWrite(result, &group)
        case .writeDue:
            delivery.isDue = true
            publish(&group)
        case .forgotten: didForget(&group)
        case .apiWaitOver:
            guard awaitsAPI else { return }
            // The last state that the API was seen in goes on being enforced.
            awaitsAPI = false
            feed(.wishChanged(wish), &group)
        case .apiResumed:
            delivery.isBlocked = false
            publish(&group)
        }
    }

    private func didSee(_ object: DocumentNode, _ group: inout DiscardingTaskGroup) {
        if let known = self.object, known.isNewer(than: object) { return }
        let spec = self.object?["spec"]
        self.object = object
        delivery.isBlocked = false
        read(object)
        if awaitsAPI { resume() }
        if let spec, spec != object["spec"] {
            note("spec", "changed to generation \(instance.metadata.generation ?? 0)")
            feed(.specChanged, &group)
        }
        feed(.wishChanged(wish), &group)
    }
}

extension OwnerDriver {
    /// The API told of an adopted VMI: what it knows of the past is newer than what this process kept.
    private func resume() {
        awaitsAPI = false
        guard !machine.state.isFinal else { return }
        let known = Observation(nodeName: environment.nodeName, resuming: instance.status)
        seen.transitions = known.transitions
        seen.capacities = known.capacities
        seen.fsFreezeStatus = known.fsFreezeStatus
        seen.runtimeUser = known.runtimeUser
        if machine.state == .running { seen.enter(.running, at: .now) }
    }
}

extension DocumentNode {
    /// Whether this is a later state than another of the same object, as far as that can be told.
    func isNewer(than other: DocumentNode) -> Bool {
        guard let mine = resourceVersion.flatMap(UInt64.init), let others = other.resourceVersion.flatMap(UInt64.init)
        else { return false }
        return mine > others
    }
}

extension OwnerStateMachine.State {
    var isReleasing: Bool { if case .releasing = self { true } else { false } }
}
