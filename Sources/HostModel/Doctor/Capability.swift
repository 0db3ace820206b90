/// One line of the checklist: what was looked for, what was found, and what to do where it is not well.
package struct Capability: Sendable, Hashable, Codable {
    package enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case ok
        /// VMs run, but something they may ask for does not work, or works slowly.
        case degraded
        /// VMs that ask for it cannot run on this node.
        case missing
        /// Could not be found out.
        case unknown
    }

    /// Stable, for scripts: `accelerator`, `qemu`, `vhost`.
    package var id: String
    package var title: String
    package var state: State
    package var evidence: String
    /// A command for Debian 12 where one exists; `nil` where nothing is to be done.
    package var remedy: String?

    package init(id: String, title: String, state: State, evidence: String, remedy: String? = nil) {
        self.id = id
        self.title = title
        self.state = state
        self.evidence = evidence
        self.remedy = state == .ok ? nil : remedy
    }
}
