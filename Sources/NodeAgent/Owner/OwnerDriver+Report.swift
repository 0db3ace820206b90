internal import DomainPlan
internal import KubeVirtModel
internal import KubernetesModel
internal import Libvirt

/// What an operator wants to know at 3 a.m.
extension OwnerDriver {
    func report(to reply: CheckedContinuation<DocumentNode, Never>, _ group: inout DiscardingTaskGroup) {
        let facts = self.facts
        let difference = difference
        let connection = environment.libvirt.connection
        let domain = owner.domain
        let planned = plannedXML
        group.addTask {
            var members = facts
            let found = try? await connection?.domain(named: domain)
            if let live = try? await found?.xml() {
                members.append(DocumentMember("domain", .string(live)))
            } else if let planned {
                members.append(DocumentMember("plannedDomain", .string(planned)))
            }
            members.append(difference)
            reply.resume(returning: .object(members))
        }
    }

    private var facts: [DocumentMember] {
        var members = [
            DocumentMember("namespace", .string(owner.namespace)), DocumentMember("name", .string(owner.name)),
            DocumentMember("uid", .string(owner.uid)), DocumentMember("node", .string(environment.nodeName)),
            DocumentMember("phase", .string(seen.phase.rawValue)), DocumentMember("state", .string(stateText)),
            DocumentMember("domainName", .string(owner.domain)),
        ]
        if let waits { members.append(DocumentMember("waitsFor", .string(waits))) }
        if let failure = seen.failure { members.append(DocumentMember("failure", .string(failure))) }
        if let unknown = seen.unknown { members.append(DocumentMember("unknown", .string(unknown))) }
        if machine.state.holdsDomain, let qemu = intent?.qemu {
            members.append(DocumentMember("qemuProcess", .number(qemu.pid)))
        }
        if let socket = seen.live?.vncSocket { members.append(DocumentMember("vncSocket", .string(socket))) }
        members.append(
            DocumentMember("libvirt", .string(environment.libvirt.connection?.endpoint.uri ?? "not connected")))
        if delivery.isBlocked {
            members.append(DocumentMember("statusDelivery", .string("waits for the API: what is shown here is newer")))
        }
        members.append(DocumentMember("timeline", timeline.document()))
        return members
    }

    private var stateText: String {
        switch machine.state {
        case .idle: "idle"
        case .starting(isCancelled: false): "starting"
        case .starting(isCancelled: true): "its start is being cancelled"
        case .waiting(let failure): "waiting: \(failure.reason)"
        case .running: seen.isPaused ? "paused" : "running"
        case .stopping: "stopping: the guest was asked to power off, and has \(machine.gracePeriod) s in all"
        case .killing: "being killed"
        case .releasing: "giving back what it held"
        case .unknown: "unknown"
        case .ended(let ending): "ended: \(ending.reason)"
        case .gone: "gone"
        }
    }

    /// What the VM waits for, where it does.
    private var waits: String? {
        switch machine.state {
        case .idle where isHeld: "the node is drained: virt-node drain --undo lets it start"
        case .waiting(let failure) where failure.isWorthRetrying: "the cause to go: \(failure.message)"
        case .waiting(let failure): "a change of its spec: \(failure.message)"
        case .unknown: seen.unknown ?? "libvirt"
        default: nil
        }
    }

    /// What would be different if the domain were made today.
    private var difference: DocumentMember {
        guard let plannedRequest else {
            return DocumentMember("changesAtRestart", .string("not known: an earlier process of the daemon started it"))
        }
        let today = PlanRequest(
            instance: instance.succeeding(plannedRequest.instance), accelerator: environment.accelerator,
            resources: plannedRequest.resources, placement: plannedRequest.placement, metadata: plannedRequest.metadata,
            securityLabel: plannedRequest.securityLabel, isExplaining: true)
        do {
            let before = try DomainPlan(plannedRequest.explaining)
            let after = try DomainPlan(today)
            let difference = DomainDiff(
                try Explanation(before, of: plannedRequest.instance, wrote: nil),
                try Explanation(after, of: today.instance, wrote: nil))
            return DocumentMember("changesAtRestart", .string(difference.text))
        } catch {
            return DocumentMember("changesAtRestart", .string("a start today would fail: \(error)"))
        }
    }
}

extension PlanRequest {
    /// The same, with the causes noted.
    fileprivate var explaining: PlanRequest {
        PlanRequest(
            instance: instance, accelerator: accelerator, resources: resources, placement: placement,
            metadata: metadata, securityLabel: securityLabel, emulation: emulation, isExplaining: true)
    }
}

extension VirtualMachineInstance {
    /// The same with the uid that the running domain was made for.
    fileprivate func succeeding(_ running: VirtualMachineInstance) -> VirtualMachineInstance {
        var next = self
        next.metadata.uid = running.metadata.uid
        return next
    }
}
