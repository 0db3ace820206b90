package import HostModel
package import SystemPackage

/// Where the sessions of a node keep their things.
///
///     RUN/sessions.lock          held for a moment, while sessions begin and are looked over
///     RUN/r/ID/                  a session: one foreground run
///     RUN/r/ID/lock              held by its process for life
///     RUN/r/ID/l/                the embedded driver's root; the names are short because sockets' paths are
///     RUN/r/ID/v/N/              sockets of the session's Nth VM
///     RUN/serve/                 the daemon's: lock, embedded root, sockets of VMs by their uid's hash, sockets of its own
///     STATE/guests/UID.json      what the guest saw at its first start
///     STATE/local/               the objects of a node without a cluster
///     STATE/intents/DOMAIN.json  what must be undone for a VM, written before anything is taken
///     STATE/intents/DOMAIN.vmi   the VMI as the daemon saw it last
///     STATE/timelines/UID.log    what happened to a VMI, a line a step
///     STATE/vms/UID/             overlays and media of a VM
///     STATE/claims/NS/NAME/      claims of a host without a cluster
///     STATE/nvram/DOMAIN_VARS.fd variables of a firmware that outlive their VM
///     CACHE/images/              the image store
///     CACHE/capabilities/        what libvirt found out about QEMU
package struct SessionFolders: Sendable {
    package var node: NodeFolders

    package init(_ node: NodeFolders) { self.node = node }

    package var sessions: FilePath { node.run.appending("r") }
    package var sessionsLock: FilePath { node.run.appending("sessions.lock") }
    package var daemon: FilePath { node.run.appending("serve") }
    package var guests: FilePath { node.state.appending("guests") }
    package var local: FilePath { node.state.appending("local") }
    package var intents: FilePath { node.state.appending("intents") }
    package var machines: FilePath { node.state.appending("vms") }
    package var claims: FilePath { node.state.appending("claims") }
    package var nvram: FilePath { node.state.appending("nvram") }
    package var images: FilePath { node.cache.appending("images") }
    package var capabilities: FilePath { node.cache.appending("capabilities") }

    /// Whether a path lies below what virt-node keeps for its VMs, so that it may be removed with one of them.
    package func holds(_ path: FilePath) -> Bool {
        let folders = [sessions, daemon, machines]
        return path == path.lexicallyNormalized() && folders.contains { path != $0 && path.starts(with: $0) }
    }

    package func session(_ id: String) -> FilePath { sessions.appending(id) }
    package func lock(_ id: String) -> FilePath { session(id).appending("lock") }
    package func machine(_ uid: String) -> FilePath { machines.appending(uid) }
    /// The VMI as the daemon saw it last, for when the API is away.
    package func lastObject(_ domain: String) -> FilePath { intents.appending("\(domain).vmi") }
    package func timeline(_ uid: String) -> FilePath { timelines.appending("\(uid).log") }
    package var timelines: FilePath { node.state.appending("timelines") }
    package func intent(_ domain: String) -> FilePath { intents.appending("\(domain).json") }
}
