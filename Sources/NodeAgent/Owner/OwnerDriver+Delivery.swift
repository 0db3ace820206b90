internal import KubeVirtModel
internal import KubernetesAPI
internal import KubernetesModel
internal import Logging

/// Brings the status to the API: one write at a time, the latest state wins, and nothing is written twice.
extension OwnerDriver {
    /// The finalizer that keeps a VMI in the API until nothing of it is left here.
    static let finalizer = "kubevirt.io/foregroundDeleteVirtualMachine"

    /// Writes what the API does not know yet.
    func publish(_ group: inout DiscardingTaskGroup) {
        show()
        guard !delivery.isWriting else {
            delivery.isDirty = true
            return
        }
        // Until an adopted VM was found, the API's last status is as good as any.
        if machine.state == .unknown, seen.unknown == nil { return }
        guard !delivery.isBlocked, !delivery.isRemoved, let object,
            let hasStatusPath = environment.api.hasStatusSubresource
        else { return leaveIfDone(&group) }
        guard let write = nextWrite(object, hasStatusPath) else {
            if case .ended = machine.state, intent?.ending != nil { endIntent(&group) }
            return
        }
        delivery.changedAt = delivery.changedAt ?? now
        if write.mayWait, !delivery.isDue {
            guard !delivery.isScheduled else { return }
            delivery.isScheduled = true
            return schedule(.writeDue, after: 2, &group)
        }
        delivery.isWriting = true
        delivery.writeBegan = delivery.changedAt
        delivery.changedAt = nil
        delivery.isDirty = false
        let owner = self.owner
        let client = environment.api.client
        environment.metrics.didWriteStatus()
        group.addTask {
            do throws(APIError) {
                let written = try await client.replace(
                    write.object, of: .instances, namespace: owner.namespace, name: owner.name,
                    subresource: write.subresource)
                owner.send(.writeDone(.success(written)))
            } catch {
                if error.isConflict, let newer = try? await owner.environment.api.find(owner) {
                    owner.send(.object(newer))
                }
                owner.send(.writeDone(.failure(error)))
            }
        }
    }

    /// Tells the metrics what is known of the VM.
    private func show() {
        owner.observation = seen
        // Those of an earlier process are told already.
        if let told = delivery.toldPhases, let created = instance.metadata.creationTimestamp {
            for transition in seen.transitions.dropFirst(told) {
                environment.metrics.didEnter(transition.phase.rawValue, seconds: now - Double(created.seconds))
            }
        }
        delivery.toldPhases = seen.transitions.count
    }

    private struct Write {
        var object: DocumentNode
        var subresource: String?
        /// Whether what it tells is soon replaced, in all likelihood.
        var mayWait = false
    }

    /// What is to be written next; nil where the API knows all.
    private func nextWrite(_ object: DocumentNode, _ hasStatusPath: Bool) -> Write? {
        var metadata = object
        let finalizers = object["metadata"]?["finalizers"]?.elements.compactMap(\.text) ?? []
        var wanted = finalizers
        if delivery.isFinishing {
            wanted.removeAll { $0 == Self.finalizer }
        } else if !object.isBeingDeleted, !finalizers.contains(Self.finalizer) {
            // A VMI that is being deleted takes no new finalizer.
            wanted.append(Self.finalizer)
        }
        let changesMetadata = wanted != finalizers
        if changesMetadata {
            metadata[["metadata", "finalizers"]] = wanted.isEmpty ? nil : .array(wanted.map { .string($0) })
        }
        let status = nextStatus()
        guard hasStatusPath else {
            guard changesMetadata || status != nil else { return nil }
            if let status { metadata[["status"]] = status }
            return Write(object: metadata, subresource: nil)
        }
        // Of two writes the last one lets the VMI go.
        if let status, !delivery.isFinishing || seen.phase.isFinal, !(changesMetadata && !delivery.isFinishing) {
            var next = object
            next[["status"]] = status
            return Write(object: next, subresource: "status", mayWait: seen.isStarting && seen.failure == nil)
        }
        return changesMetadata ? Write(object: metadata, subresource: nil) : nil
    }

    /// The status, where it says something new.
    private func nextStatus() -> DocumentNode? {
        let next = StatusBuilder.status(of: instance, seen, previous: instance.status, now: .now).encode()
        return next == instance.status?.encode() ? nil : next
    }

    func didWrite(_ result: Result<DocumentNode, APIError>, _ group: inout DiscardingTaskGroup) {
        delivery.isWriting = false
        switch result {
        case .success(let written):
            delivery.failures = 0
            if let changed = delivery.writeBegan { environment.metrics.didTell(after: now - changed) }
            delivery.isDue = false
            delivery.isScheduled = false
            if delivery.isFinishing, !written.hasFinalizer(Self.finalizer) { return leave() }
            object = written
            read(written)
        case .failure(let error):
            environment.metrics.didFailToWrite(error)
            delivery.changedAt = delivery.writeBegan
            if error.isNotFound {
                delivery.isRemoved = true
                feed(.wishChanged(.remove), &group)
                return leaveIfDone(&group)
            }
            delivery.failures += 1
            if delivery.failures == 1 || !error.isConflict {
                logger.info("\(owner.qualifiedName): its status waits: \(error)", metadata: metadata)
            }
            if !error.isConflict || delivery.failures > 3 {
                delivery.isBlocked = true
                schedule(.apiResumed, after: OwnerBackoff.seconds(attempt: delivery.failures, longest: 30), &group)
            }
        }
        publish(&group)
    }

    /// Nothing of the VM is left: forgets it, and then lets the VMI go.
    func finish(_ group: inout DiscardingTaskGroup) {
        note("gone", "all is given back")
        timeline.close()
        let (owner, intent) = (self.owner, self.intent)
        self.intent = nil
        group.addTask {
            await owner.environment.forget(owner, intent)
            owner.send(.forgotten)
        }
    }

    func didForget(_ group: inout DiscardingTaskGroup) {
        delivery.isFinishing = true
        leaveIfDone(&group)
        publish(&group)
    }

    private func leaveIfDone(_ group: inout DiscardingTaskGroup) {
        if delivery.isFinishing, delivery.isRemoved { leave() }
    }

    private func leave() { isOver = true }
}

extension DocumentNode {
    func hasFinalizer(_ name: String) -> Bool {
        self["metadata"]?["finalizers"]?.elements.contains { $0.text == name } ?? false
    }
}
