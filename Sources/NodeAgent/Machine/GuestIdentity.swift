package import DomainModel
internal import FoundationEssentials
internal import SystemPackage

/// What a guest sees of its machine, fixed at its first start: it must not change under it at a later one, whatever
/// libvirt or QEMU was upgraded meanwhile.
package struct GuestIdentity: Codable, Sendable, Equatable {
    package struct Feature: Codable, Sendable, Equatable {
        package var name: String
        package var policy: String
    }

    /// The machine type as QEMU resolved it, such as `pc-q35-7.2`.
    package var machine: String
    /// The named model that libvirt expanded the host's to; nil where the CPU is the host's own, or all that QEMU has:
    /// those have no expansion.
    package var cpuModel: String?
    package var cpuFeatures: [Feature] = []

    package init(machine: String) { self.machine = machine }

    /// Reads what libvirt made of a domain that runs.
    package init?(live domain: Domain) {
        guard !domain.os.machine.isEmpty else { return nil }
        machine = domain.os.machine
        if let cpu = domain.cpu, case .custom(let model) = cpu.mode {
            cpuModel = model
            cpuFeatures = cpu.features.map { Feature(name: $0.name, policy: $0.policy) }
        }
    }

    /// Puts what the guest saw in the place of what would be chosen today.
    package func apply(to domain: inout Domain) {
        domain.os.machine = machine
        guard let cpuModel, domain.cpu != nil else { return }
        domain.cpu?.mode = .custom(model: cpuModel)
        domain.cpu?.features = cpuFeatures.map { DomainCPU.Feature(name: $0.name, policy: $0.policy) }
    }
}

/// The identities of a node's guests, one file a VMI.
package struct GuestIdentityStore: Sendable {
    let folders: SessionFolders

    package init(_ folders: SessionFolders) { self.folders = folders }

    private func file(_ uid: String) -> FilePath { folders.guests.appending("\(uid).json") }

    package func identity(of uid: String) -> GuestIdentity? {
        Files.read(file(uid)).flatMap { try? JSONDecoder().decode(GuestIdentity.self, from: $0) }
    }

    /// Keeps the first identity of a VMI.
    package func keep(_ identity: GuestIdentity, of uid: String) throws(AgentError) {
        guard self.identity(of: uid) == nil else { return }
        try Files.makeFolder(folders.guests, mode: 0o700)
        let data: Data
        do { data = try JSONEncoder().encode(identity) } catch {
            throw .file(path: file(uid).string, action: "encode", .invalidArgument)
        }
        try Files.writeAtomically(data, to: file(uid))
    }

    package func remove(_ uid: String) throws(AgentError) { try Files.remove(file(uid)) }
}
