internal import HostModel
internal import Images
package import KubeVirtModel
package import Libvirt

/// A session in which figures are taken: the same parts as a foreground run, driven one by one.
package final class BenchmarkSession: Sendable {
    let session: Session
    package let connection: Connection
    let environment: MachineEnvironment

    package init(_ folders: SessionFolders, libvirt: LibvirtChoice, objects: Manifest, width: Int)
        async throws(AgentError)
    {
        let pool = BlockingPool(label: "libvirt", width: max(4, width))
        let verdict: AcceleratorVerdict
        do throws(AcceleratorError) { verdict = try await AcceleratorVerdict.current(folders: folders.node) } catch {
            throw .accelerator(error)
        }
        session = try Session.begin(folders, bootID: verdict.bootID)
        connection = try await libvirt.open(session, pool: pool)
        environment = try MachineEnvironment(
            session: session, connection: connection, verdict: verdict, registry: RegistryOptions(), objects: objects,
            parallelStarts: width)
    }

    package func close() throws(AgentError) {
        session.embeddedRoot.keepCapabilities()
        try session.close()
    }

    /// Runs VMs, calls `whenAllRun` once each has reached Running or its end, then stops them.
    package func run(
        _ instances: [VirtualMachineInstance], report: @escaping @Sendable (MachineReport) -> Void,
        whenAllRun: @escaping @Sendable () async -> Void
    ) async throws(AgentError) {
        // A stream of events ends with the task that reads it: each run subscribes anew.
        let subscription: EventSubscription
        do throws(LibvirtError) { subscription = try EventSubscription(connection) } catch {
            throw .libvirt(instance: nil, step: "subscribe to events", error)
        }
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let machines = instances.map { instance in
            VirtualMachine(instance, environment) { report_ in
                report(report_)
                switch report_ {
                case .status(let instance) where instance.status?.phase == .running: arrived.yield()
                case .ended: arrived.yield()
                default: break
                }
            }
        }
        let byUUID = Dictionary(machines.map { ($0.uuid, $0) }) { first, _ in first }
        let events = subscription.events
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await event in events { byUUID[event.uuid]?.take(event) }
                return false
            }
            for machine in machines {
                group.addTask {
                    _ = await machine.run()
                    return true
                }
            }
            var count = 0
            for await _ in arrivals {
                count += 1
                if count == machines.count { break }
            }
            await whenAllRun()
            for machine in machines { machine.stop() }
            var ended = 0
            while ended < machines.count, let isMachine = await group.next() { ended += isMachine ? 1 : 0 }
            group.cancelAll()
        }
    }
}
