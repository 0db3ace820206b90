package import HostDevices
package import HostModel
package import Placement
internal import Synchronization

/// The books of a node's CPUs, pages, devices and memory: what living VMs hold, and what the next one gets. It is the
/// granter of a node that belongs to its VMs.
///
/// Owns what each VM holds, by its uid. It is re-taken on adoption, from the intents.
///
/// Synchronization: everything is behind one mutex; a search takes microseconds.
package final class NodeAllocator: Sendable {
    private struct State {
        var use = PlacementUse.none
        var held: [String: Holding] = [:]
        var recent: (host: Host, time: ContinuousClock.Instant)?
    }

    /// What one VM holds.
    package struct Holding: Sendable, Equatable {
        package var name: String
        package var placement: Placement?
        /// Bytes of ordinary memory.
        package var memory: Int64
        /// Mediated devices of the placement that are made for it.
        package var making: [MediatedRequest] = []
    }

    private let state = Mutex(State())
    private let settings: CPUPools.Settings
    /// The CPUs that QEMU may run on; nil: any.
    private let allowed: CPUSet?
    private let memory: MemoryPolicy
    private let probe: @Sendable () -> Host
    /// What a probe of the host finds of devices that may be given to VMs.
    private let inventory: @Sendable (Host) -> DeviceInventory?
    /// Moves whenever the CPUs of all change.
    let moves = Counter()

    package init(
        _ settings: CPUPools.Settings = CPUPools.Settings(), allowed: CPUSet? = MachineStarter.allowedCPUs,
        memory: MemoryPolicy = MemoryPolicy(),
        inventory: @escaping @Sendable (Host) -> DeviceInventory? = { _ in nil },
        probe: @escaping @Sendable () -> Host
    ) {
        self.settings = settings
        self.allowed = allowed
        self.memory = memory
        self.inventory = inventory
        self.probe = probe
    }

    /// Finds a place for a VM and takes it. What the VM held before counts as free.
    package func take(
        _ request: PlacementRequest?, _ need: MemoryNeed, for uid: String, name: String
    ) throws(AgentError) -> Placement? {
        release(uid)
        let host = request == nil ? recentHost : probe()
        // Read before the books are held: it looks at every device.
        let inventory = request?.devices.isEmpty == false ? inventory(host) : nil
        let result: Result<Placement?, AgentError> = state.withLock { state in
            Result { () throws(AgentError) in
                let promised = state.held.values.reduce(0) { $0 + $1.memory }
                try memory.check(need, promised: promised, host: host, name: name)
                var placement: Placement?
                var making: [MediatedRequest] = []
                if var request {
                    // The whole node is there to choose from.
                    request.preferredCells = .nearDevices
                    var host = host
                    var grant = grant(host, inventory)
                    let makeable = MediatedSupply(host, pending: state.held.values.flatMap(\.making))
                        .requests(inventory?.offers ?? [:], for: request)
                    for (resource, requests) in makeable {
                        grant.devices[resource, default: []] += requests.map { .mdev($0.uuid) }
                        host.mediatedDevices += requests.map {
                            MediatedDevice(uuid: $0.uuid, type: $0.type, parent: $0.parent)
                        }
                    }
                    do throws(PlacementError) {
                        let made = try Placement.make(request, host: host, grant: grant, inUse: state.use)
                        try state.use.take(made)
                        placement = made
                        let devices = Set(made.devices.map(\.device))
                        making = makeable.values.joined().filter { devices.contains(.mdev($0.uuid)) }
                    } catch {
                        if case .notEnoughDevices(_, let resource, _, _, _) = error {
                            let reasons = (inventory?.unavailable ?? []).filter { $0.resource == resource }
                            throw .noDevice(error, reasons: reasons.map { "\($0.device): \($0.reason)" })
                        }
                        throw .placement(error)
                    }
                }
                state.held[uid] = Holding(name: name, placement: placement, memory: need.total, making: making)
                return placement
            }
        }
        let placement = try result.get()
        if placement?.ownCPUs.isEmpty == false { moves.advance() }
        return placement
    }

    /// Takes what a VM that runs holds already.
    package func retake(
        _ placement: Placement?, memory: Int64, for uid: String, name: String
    ) throws(PlacementError) {
        let result: Result<Bool, PlacementError> = state.withLock { state in
            Result { () throws(PlacementError) in
                guard state.held[uid] == nil else { return false }
                if let placement { try state.use.take(placement) }
                // More than any machine has was not promised here.
                let bytes = max(0, min(memory, 1 << 50))
                state.held[uid] = Holding(name: name, placement: placement, memory: bytes)
                return placement?.ownCPUs.isEmpty == false
            }
        }
        if try result.get() { moves.advance() }
    }

    package func release(_ uid: String) {
        let hadCPUs = state.withLock { state in
            guard let holding = state.held.removeValue(forKey: uid) else { return false }
            guard let placement = holding.placement else { return false }
            // What is held was taken: the books agree by construction.
            do throws(PlacementError) { try state.use.release(placement) } catch { preconditionFailure("\(error)") }
            return !placement.ownCPUs.isEmpty
        }
        if hadCPUs { moves.advance() }
    }

    /// The VM runs: the host's own counters tell of its pages from now on.
    package func settle(_ uid: String) {
        state.withLock { state in
            guard var placement = state.held[uid]?.placement, !placement.pages.isEmpty else { return }
            do throws(PlacementError) {
                try state.use.release(placement)
                placement.pages = []
                try state.use.take(placement)
            } catch { preconditionFailure("\(error)") }
            state.held[uid]?.placement = placement
        }
    }

    /// What may be given out on this host.
    package func grant(_ host: Host) -> Grant { grant(host, inventory(host)) }

    private func grant(_ host: Host, _ inventory: DeviceInventory?) -> Grant {
        Grant(cpus: pools(host).dedicated, devices: inventory?.devices ?? [:])
    }

    /// The devices of the host that VMs may have, and why not others.
    func currentInventory() -> DeviceInventory? { inventory(recentHost) }

    private func pools(_ host: Host) -> CPUPools { CPUPools(host, allowed: allowed, settings) }

    /// The CPUs of whatever has none of its own; nil where that is every CPU.
    package var sharedCPUs: CPUSet? {
        let host = recentHost
        return state.withLock { state in
            let shared = pools(host).shared(held: state.use.cpus)
            return shared == host.onlineCPUs ? nil : shared
        }
    }

    /// Dedicated CPUs that no VM holds and no other work may use.
    package var idleCPUs: CPUSet {
        let host = recentHost
        return state.withLock { state in
            let pools = pools(host)
            return pools.dedicated.subtracting(state.use.cpus).subtracting(pools.shared(held: state.use.cpus))
        }
    }

    package var allCPUs: CPUSet { recentHost.onlineCPUs }
    /// Bytes.
    package var nodeMemory: Int64 { Int64(clamping: recentHost.memoryKiB) * 1024 }

    /// The host of at most a few seconds ago: for facts that hardly ever change.
    private var recentHost: Host {
        let now = ContinuousClock.now
        let known = state.withLock { state in
            state.recent.flatMap { $0.time.duration(to: now) < .seconds(5) ? $0.host : nil }
        }
        if let known { return known }
        let host = probe()
        state.withLock { $0.recent = (host, now) }
        return host
    }

    /// The pools, the CPUs of all at present, and the bytes that VMs may be promised in all.
    package func summary() -> (pools: CPUPools, shared: CPUSet, budget: Int64) {
        let host = recentHost
        let pools = pools(host)
        return (pools, pools.shared(held: use.cpus), memory.budget(host))
    }

    /// What VMs hold now.
    package var use: PlacementUse { state.withLock { $0.use } }
    package var holdings: [String: Holding] { state.withLock { $0.held } }
    package var promisedMemory: Int64 { state.withLock { $0.held.values.reduce(0) { $0 + $1.memory } } }

    /// The mediated devices that are to be made for a VM, in the order of its placement's.
    package func making(for uid: String) -> [MediatedRequest] { state.withLock { $0.held[uid]?.making ?? [] } }

    package func placement(of uid: String) -> Placement? { state.withLock { $0.held[uid]?.placement } }
}
