internal import Libvirt
internal import SystemPackage

/// Undoes everything that a VM took, in the order that loses nothing: the domain first, the intent last.
struct MachineCleanup: Sendable {
    let intent: Intent
    let store: IntentStore
    let connection: Connection
    var devices: DeviceBroker?

    /// Returns what could not be undone; the intent stays where anything could not, for the next sweep.
    ///
    /// With `keepsIntent` it stays in any case, written anew first: it says what comes next. File work runs on `pool`.
    func undo(keepsIntent: Bool = false, on pool: BlockingPool? = nil) async -> [AgentError] {
        var problems: [AgentError] = []
        if keepsIntent {
            do throws(AgentError) {
                try await run(on: pool) { () throws(AgentError) in try store.update(intent) }
            } catch {
                problems.append(error)
                return problems
            }
        }
        do throws(LibvirtError) {
            if let domain = try await connection.domain(named: intent.domain), domain.uuid == intent.domainUUID {
                try await domain.destroy()
                try await domain.undefine()
            }
        } catch {
            // A QEMU that does not answer libvirt answers the kernel, and libvirt sees that it is gone.
            if error.isTimeout || error.isResourceBusy { intent.qemu?.kill() }
            problems.append(.libvirt(instance: intent.qualifiedName, step: "remove the domain", error))
            return problems
        }
        // What the host does not take back is its own trouble: it stays in the ledger, and ends no VM's life twice.
        await devices?.giveBack(uid: intent.uid)
        do throws(AgentError) {
            try await run(on: pool) { () throws(AgentError) in
                try intent.removeFolders(below: store.folders)
                if !keepsIntent { try store.end(intent) }
            }
        } catch {
            problems.append(error)
        }
        return problems
    }

    private func run(
        on pool: BlockingPool?, _ body: @escaping @Sendable () throws(AgentError) -> Void
    ) async throws(AgentError) {
        if let pool { try await pool.run(body) } else { try body() }
    }
}
