internal import Glibc
package import HostModel
package import Images
package import KubeVirtModel
internal import Libvirt
internal import Synchronization
internal import SystemPackage

/// VMs that live as long as the process that runs them: `virt-node run`.
///
/// Owns the session and its connection, and one owner task for each VM. `run` returns when the last VM has ended and all
/// is given back.
package final class ForegroundRun: Sendable {
    package struct Options: Sendable {
        package var accelerator: AcceleratorMode
        package var libvirt: LibvirtChoice
        package var registry: RegistryOptions
        package var parallelStarts: Int

        package init(
            accelerator: AcceleratorMode = .auto, libvirt: LibvirtChoice = .auto,
            registry: RegistryOptions = RegistryOptions(), parallelStarts: Int = 2
        ) {
            self.accelerator = accelerator
            self.libvirt = libvirt
            self.registry = registry
            self.parallelStarts = parallelStarts
        }
    }

    /// What happened before any VM was touched.
    package enum Setup: Sendable {
        case swept([String])
        case accelerator(AcceleratorVerdict, seconds: Double)
        case libvirt(uri: String, seconds: Double)
        case warning(String)
    }

    private let folders: SessionFolders
    private let options: Options
    private let machines = Mutex<[VirtualMachine]>([])
    private let stopWanted = Mutex(false)

    package init(_ folders: SessionFolders, _ options: Options) {
        self.folders = folders
        self.options = options
    }

    /// Asks every VM to stop; asked again, kills.
    package func stop() {
        stopWanted.withLock { $0 = true }
        for machine in machines.withLock({ $0 }) { machine.stop() }
    }

    /// Types into the console of the VM, where there is just one.
    package func type(_ bytes: [UInt8]) {
        let machines = machines.withLock { $0 }
        if machines.count == 1 { machines.first?.type(bytes) }
    }

    /// Runs the manifest's VMs to their ends, which come back in the VMs' order.
    package func run(
        _ manifest: Manifest, setup: @escaping @Sendable (Setup) -> Void,
        report: @escaping @Sendable (VirtualMachineInstance, MachineReport) -> Void
    ) async throws(AgentError) -> [MachineStateMachine.Ending] {
        guard geteuid() == 0 else { throw .notRoot }
        let pool = BlockingPool(label: "libvirt", width: max(4, options.parallelStarts + 2))
        let swept = try await LeftoverSweeper(folders).sweep(pool: pool)
        if !swept.removed.isEmpty { setup(.swept(swept.removed)) }
        for problem in swept.problems { setup(.warning(problem)) }
        let clock = ContinuousClock()
        var begin = clock.now
        let verdict = try await verdict()
        setup(.accelerator(verdict, seconds: begin.duration(to: clock.now).inSeconds))
        let session = try Session.begin(folders, bootID: verdict.bootID)
        begin = clock.now
        do throws(AgentError) {
            let connection = try await options.libvirt.open(session, pool: pool)
            setup(.libvirt(uri: connection.endpoint.uri, seconds: begin.duration(to: clock.now).inSeconds))
            let endings = try await run(manifest, session, connection, verdict, report)
            session.embeddedRoot.keepCapabilities()
            try session.close()
            return endings
        } catch {
            try? session.close()
            throw error
        }
    }

    private func verdict() async throws(AgentError) -> AcceleratorVerdict {
        do throws(AcceleratorError) {
            return try await AcceleratorVerdict.current(options.accelerator, folders: folders.node)
        } catch {
            throw .accelerator(error)
        }
    }

    private func run(
        _ manifest: Manifest, _ session: Session, _ connection: Connection, _ verdict: AcceleratorVerdict,
        _ report: @escaping @Sendable (VirtualMachineInstance, MachineReport) -> Void
    ) async throws(AgentError) -> [MachineStateMachine.Ending] {
        let environment = try MachineEnvironment(
            session: session, connection: connection, verdict: verdict, registry: options.registry, objects: manifest,
            parallelStarts: options.parallelStarts)
        let machines = manifest.instances.map { instance in
            VirtualMachine(instance, environment) { report(instance, $0) }
        }
        let subscription: EventSubscription
        do throws(LibvirtError) { subscription = try EventSubscription(connection) } catch {
            throw .libvirt(instance: nil, step: "subscribe to events", error)
        }
        self.machines.withLock { $0 = machines }
        if stopWanted.withLock({ $0 }) { for machine in machines { machine.stop() } }
        return await drive(machines, subscription)
    }

    /// Runs every VM beside the task that routes libvirt's events to them.
    private func drive(
        _ machines: [VirtualMachine], _ subscription: EventSubscription
    ) async -> [MachineStateMachine.Ending] {
        let byUUID = Dictionary(machines.map { ($0.uuid, $0) }) { first, _ in first }
        return await withTaskGroup(of: (Int, MachineStateMachine.Ending)?.self) { group in
            group.addTask {
                for await event in subscription.events { byUUID[event.uuid]?.take(event) }
                return nil
            }
            for (index, machine) in machines.enumerated() { group.addTask { (index, await machine.run()) } }
            var endings: [Int: MachineStateMachine.Ending] = [:]
            while endings.count < machines.count, let next = await group.next() {
                if let (index, ending) = next { endings[index] = ending }
            }
            group.cancelAll()
            return machines.indices.compactMap { endings[$0] }
        }
    }
}
