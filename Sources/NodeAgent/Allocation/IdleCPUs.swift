internal import FoundationEssentials
package import HostModel
package import Logging
internal import Synchronization
package import SystemPackage

/// What is done with dedicated CPUs that nobody holds: `cpus.idle`.
package enum IdleCPUPolicy: String, Sendable, CaseIterable {
    case awake
    /// The kernel's governor `powersave`, and what it was before once a VM gets the CPU.
    case powersave
    /// Taken from the kernel's scheduler altogether.
    case offline
}

/// Puts dedicated CPUs that nobody holds to sleep, and has them awake before a VM gets them.
///
/// There are such CPUs only where pools are fixed: elsewhere all work shares what nobody holds.
///
///     idle ─▶ recorded ─▶ asleep ─▶ given to a VM, or the daemon ends ─▶ awake ─▶ no longer recorded
///
/// The record outlives a daemon that is killed: the next one wakes all and begins anew.
///
/// Synchronization: an actor with a thread of its own, since the kernel takes tens of milliseconds for a CPU, and none of
/// its methods suspends; what is asleep is read by others at any time, and stands behind a mutex.
package actor IdleCPUs {
    /// A CPU as it was before.
    private struct Sleeper: Codable {
        var cpu: HostCPU
        /// Nil where it is offline.
        var governor: String?
    }

    private let policy: IdleCPUPolicy
    private let root: HostRoot
    private let record: FilePath
    private let logger: Logger
    private nonisolated let sleepers: Mutex<[Int: Sleeper]>
    /// What the kernel would not let sleep is not asked again.
    private var refused: Set<Int> = []
    private nonisolated let executor = DispatchExecutor(label: "idle-cpus")

    /// A VM that starts anew wants its CPUs again within moments.
    private static let patience = Duration.seconds(5)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(_ policy: IdleCPUPolicy, root: HostRoot = HostRoot(), record: FilePath, logger: Logger) {
        self.policy = policy
        self.root = root
        self.record = record
        self.logger = logger
        let known = Files.read(record).flatMap { try? JSONDecoder().decode([Sleeper].self, from: $0) } ?? []
        sleepers = Mutex(Dictionary(known.map { ($0.cpu.id, $0) }) { first, _ in first })
    }

    /// The host with the CPUs that are offline only because nobody needs them: they can be had like any other.
    package nonisolated func complete(_ host: Host) -> Host {
        let offline = sleepers.withLock { $0.values.filter { $0.governor == nil }.map(\.cpu) }
        guard !offline.isEmpty else { return host }
        var host = host
        for cpu in offline {
            guard let index = host.cpus.firstIndex(where: { $0.id == cpu.id }) else { continue }
            host.cpus[index] = cpu
            for cell in host.cells.indices where host.cells[cell].id == cpu.cell {
                host.cells[cell].cpus = host.cells[cell].cpus.union(CPUSet([cpu.id]))
            }
        }
        return host
    }

    /// Follows the books until the task is cancelled, and then wakes all.
    package func follow(_ books: NodeAllocator) async {
        while policy != .awake, !Task.isCancelled {
            let mark = books.moves.value
            settle(idle: books.idleCPUs, on: complete(Host(probing: root)))
            await books.moves.pass(mark)
            try? await Task.sleep(for: Self.patience)
        }
        wakeAll()
    }

    /// Has exactly these asleep, as far as the kernel lets it.
    func settle(idle: CPUSet, on host: Host) {
        for id in asleep where !idle.contains(id) { wakeOrTell(id) }
        let known = Set(asleep)
        for cpu in host.cpus where idle.contains(cpu.id) && cpu.isOnline && !known.contains(cpu.id) { sleep(cpu) }
    }

    /// Returns once all of these are awake.
    package func wake(_ cpus: [Int]) throws(AgentError) {
        for id in cpus {
            do throws(Errno) { try wake(id) } catch { throw .cpuAsleep(cpu: id, error) }
        }
    }

    package func wakeAll() {
        for id in asleep { wakeOrTell(id) }
    }

    private var asleep: [Int] { sleepers.withLock { $0.keys.sorted() } }

    private func wakeOrTell(_ id: Int) {
        do throws(Errno) { try wake(id) } catch { logger.error("CPU \(id) cannot be woken: \(error)") }
    }

    private func wake(_ id: Int) throws(Errno) {
        guard let sleeper = sleepers.withLock({ $0[id] }) else { return }
        if let governor = sleeper.governor {
            try set(Self.governor(id), governor)
        } else {
            try set(Self.online(id), "1")
        }
        sleepers.withLock { $0[id] = nil }
        store()
    }

    private func sleep(_ cpu: HostCPU) {
        let (file, value) = policy == .offline ? (Self.online(cpu.id), "0") : (Self.governor(cpu.id), "powersave")
        let before = root.text(file)
        // The kernel keeps the first CPU, and guests have no governor.
        guard let before, before != value, !refused.contains(cpu.id) else { return }
        let sleeper = Sleeper(cpu: cpu, governor: policy == .offline ? nil : before)
        sleepers.withLock { $0[cpu.id] = sleeper }
        guard store() else { return sleepers.withLock { $0[cpu.id] = nil } }
        do throws(Errno) { try set(file, value) } catch {
            logger.warning("CPU \(cpu.id) stays awake: the kernel refuses \(value) in \(file): \(error)")
            refused.insert(cpu.id)
            sleepers.withLock { $0[cpu.id] = nil }
            store()
        }
    }

    @discardableResult
    private func store() -> Bool {
        let all = sleepers.withLock { $0.values.sorted { $0.cpu.id < $1.cpu.id } }
        do {
            try Files.makeFolder(record.removingLastComponent())
            try Files.writeAtomically(JSONEncoder().encode(all), to: record)
            return true
        } catch {
            logger.error("which CPUs sleep cannot be recorded: \(error)")
            return false
        }
    }

    private func set(_ file: String, _ value: String) throws(Errno) {
        do {
            let descriptor = try FileDescriptor.open(
                root.resolve(file), .writeOnly, options: [.truncate, .closeOnExec])
            _ = try descriptor.closeAfter { try descriptor.writeAll(value.utf8) }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    private static func online(_ id: Int) -> String { "/sys/devices/system/cpu/cpu\(id)/online" }
    private static func governor(_ id: Int) -> String { "/sys/devices/system/cpu/cpu\(id)/cpufreq/scaling_governor" }
}
