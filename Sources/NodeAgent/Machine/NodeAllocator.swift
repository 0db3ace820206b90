package import HostModel
package import Placement
internal import Synchronization

/// The books of a node's CPUs and pages: what living VMs hold, and what the next one gets.
///
/// Owns the placements by the VMs' uids. They are re-taken on adoption.
///
/// Synchronization: everything is behind one mutex; a search takes microseconds.
package final class NodeAllocator: Sendable {
    private struct State {
        var use = PlacementUse.none
        var held: [String: Placement] = [:]
    }

    private let state = Mutex(State())
    let grant: Grant
    private let probe: @Sendable () -> Host

    package init(grant: Grant = Grant(cpus: MachineStarter.allowedCPUs), probe: @escaping @Sendable () -> Host) {
        self.grant = grant
        self.probe = probe
    }

    /// Finds a place for a VM and takes it. What the VM held before counts as free.
    package func take(_ request: PlacementRequest, for uid: String) throws(PlacementError) -> Placement {
        release(uid)
        let host = probe()
        let result: Result<Placement, PlacementError> = state.withLock { state in
            Result { () throws(PlacementError) in
                let placement = try Placement.make(request, host: host, grant: grant, inUse: state.use)
                try state.use.take(placement)
                state.held[uid] = placement
                return placement
            }
        }
        return try result.get()
    }

    /// Takes what a VM that runs holds already.
    package func retake(_ placement: Placement, for uid: String) throws(PlacementError) {
        let result: Result<Void, PlacementError> = state.withLock { state in
            Result { () throws(PlacementError) in
                guard state.held[uid] == nil else { return }
                try state.use.take(placement)
                state.held[uid] = placement
            }
        }
        try result.get()
    }

    package func release(_ uid: String) {
        state.withLock { state in
            guard let placement = state.held.removeValue(forKey: uid) else { return }
            // What is held was taken: the books agree by construction.
            do throws(PlacementError) { try state.use.release(placement) } catch { preconditionFailure("\(error)") }
        }
    }

    /// The VM runs: the host's own counters tell of its pages from now on.
    package func settle(_ uid: String) {
        guard var placement = placement(of: uid), !placement.pages.isEmpty else { return }
        release(uid)
        placement.pages = []
        do throws(PlacementError) { try retake(placement, for: uid) } catch { preconditionFailure("\(error)") }
    }

    /// What VMs hold now.
    var use: PlacementUse { state.withLock { $0.use } }

    package func placement(of uid: String) -> Placement? { state.withLock { $0.held[uid] } }
}
