internal import DomainModel
internal import Glibc
internal import HostModel
package import Libvirt
internal import SystemPackage

/// Finds and removes what dead sessions left: QEMUs, domains, overlays, sockets, folders. What a living session holds, and
/// what is not virt-node's, it never touches.
///
/// A session is dead when nobody holds its lock. A QEMU belongs to a session when its command line names the session's
/// folder; a domain of the host's libvirt, when its metadata does.
package struct LeftoverSweeper: Sendable {
    package let folders: SessionFolders

    package init(_ folders: SessionFolders) { self.folders = folders }

    /// Sweeps, and returns what was removed, in a user's words.
    package func sweep(pool: BlockingPool) async throws(AgentError) -> SweepReport {
        var report = SweepReport()
        let dead = try deadSessions()
        let living = livingSessions(except: dead)
        for session in dead.sorted(by: { $0.key < $1.key }) {
            report.removed += await end(session.key)
        }
        // The daemon's VMs outlive it: the next daemon takes them over.
        let intents = IntentStore(folders).all().filter {
            !living.contains($0.session) && $0.session != Session.daemonID
        }
        if intents.contains(where: { $0.libvirtURI == LibvirtEndpoint.system.uri }) || !dead.isEmpty {
            await removeDomains(living: living, pool: pool, &report, needed: intents)
        }
        for intent in intents where !report.unreachable.contains(intent.uid) {
            try intent.removeFolders(below: folders)
            try IntentStore(folders).end(intent)
            report.removed.append("\(intent.qualifiedName): its disks and files")
        }
        if !dead.isEmpty {
            let registry = try LockFile.acquire(folders.sessionsLock)
            defer { withExtendedLifetime(registry) {} }
            for session in dead.keys.sorted() {
                try Files.remove(folders.session(session))
                report.removed.append("session \(session)")
            }
        }
        withExtendedLifetime(dead) {}
        return report
    }

    /// The sessions whose lock is free, each with the lock, now ours. While they are looked over none can begin.
    private func deadSessions() throws(AgentError) -> [String: LockFile] {
        guard !Files.names(in: folders.sessions).isEmpty else { return [:] }
        let registry = try LockFile.acquire(folders.sessionsLock)
        defer { withExtendedLifetime(registry) {} }
        var dead: [String: LockFile] = [:]
        for id in Files.names(in: folders.sessions) where Session.isID(id) {
            if let lock = try LockFile.tryAcquire(folders.lock(id)) { dead[id] = lock }
        }
        return dead
    }

    private func livingSessions(except dead: [String: LockFile]) -> Set<String> {
        Set(Files.names(in: folders.sessions)).subtracting(dead.keys)
    }

    /// Ends the processes of a dead session, and removes the cgroups that they leave empty.
    private func end(_ session: String) async -> [String] {
        let processes = ProcessScan.processes(of: folders.session(session).string + "/")
        var removed: [String] = []
        for process in processes {
            guard await process.end() else { continue }
            removed.append("process \(process.pid) (\(process.command)) of session \(session)")
            process.removeCgroups()
        }
        return removed
    }

    /// Removes our domains of dead sessions from the host's libvirt.
    private func removeDomains(
        living: Set<String>, pool: BlockingPool, _ report: inout SweepReport, needed: [Intent]
    ) async {
        let uri = LibvirtEndpoint.system.uri
        guard LibvirtChoice.daemonListens() else {
            report.unreachable = Set(needed.filter { $0.libvirtURI == uri && $0.bootID == currentBoot }.map(\.uid))
            return
        }
        guard case .version = await SystemProbe.ask() else {
            report.unreachable = Set(needed.filter { $0.libvirtURI == uri && $0.bootID == currentBoot }.map(\.uid))
            report.problems.append("libvirt at \(uri) does not answer: what it may still run was left as it is")
            return
        }
        do throws(LibvirtError) {
            let connection = try await Connection.open(.system, pool: pool)
            for domain in try await connection.domains() {
                guard let xml = try await domain.metadata(namespace: DomainMetadata.namespace),
                    let metadata = DomainMetadata(xml: xml), let session = session(ofOwner: metadata.owner),
                    !living.contains(session)
                else { continue }
                try await domain.destroy()
                try await domain.undefine()
                report.removed.append("domain \(domain.name) of session \(session)")
            }
        } catch {
            report.unreachable = Set(needed.filter { $0.libvirtURI == uri }.map(\.uid))
            report.problems.append("libvirt at \(uri): \(error)")
        }
    }

    /// The session below our own folder that an owner names; nil for anybody else.
    private func session(ofOwner owner: String) -> String? {
        let prefix = "run:\(folders.sessions)/"
        return owner.hasPrefix(prefix) ? String(owner.dropFirst(prefix.count)) : nil
    }

    private var currentBoot: String { Kernel(probing: HostRoot()).bootID }
}

/// What a sweep did.
package struct SweepReport: Sendable {
    package var removed: [String] = []
    package var problems: [String] = []
    /// The uids of VMs that libvirt may still run, since it does not answer: they stay as they are.
    package var unreachable: Set<String> = []
}
