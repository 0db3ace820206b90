internal import Libvirt
internal import SystemPackage

/// Undoes everything that a VM took, in the order that loses nothing: the domain first, the intent last.
struct MachineCleanup: Sendable {
    let intent: Intent
    let store: IntentStore
    let connection: Connection

    /// Returns what could not be undone; the intent stays where anything could not, for the next sweep.
    func undo() async -> [AgentError] {
        var problems: [AgentError] = []
        do throws(LibvirtError) {
            if let domain = try await connection.domain(named: intent.domain), domain.uuid == intent.domainUUID {
                try await domain.destroy()
                try await domain.undefine()
            }
        } catch {
            problems.append(.libvirt(instance: intent.qualifiedName, step: "remove the domain", error))
            return problems
        }
        for folder in intent.folders {
            do throws(AgentError) { try Files.remove(FilePath(folder)) } catch { problems.append(error) }
        }
        guard problems.isEmpty else { return problems }
        do throws(AgentError) { try store.end(intent) } catch { problems.append(error) }
        return problems
    }
}
