internal import DomainModel
internal import FoundationEssentials
package import KubeVirtModel
internal import Libvirt
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// How long a start takes, from the decision to a running domain, beside libvirt's own time for the very same document.
package struct StartBenchmark: Sendable {
    package struct Round: Sendable {
        /// Seconds from the decision to a running guest: images, disks, plan, define, start, console, resume.
        package var virtNode: Double
        /// Seconds of `virDomainCreateXML` in this process.
        package var createXML: Double
        /// Seconds of `virsh create`, a process of its own; nil where virsh cannot reach this libvirt.
        package var virshCreate: Double?
    }

    private let bench: BenchmarkSession
    private let instance: VirtualMachineInstance

    package init(_ bench: BenchmarkSession, _ instance: VirtualMachineInstance) {
        var instance = instance
        // A stop at once keeps the rounds short; it does not touch the start.
        instance.spec.terminationGracePeriodSeconds = 0
        self.bench = bench
        self.instance = instance
    }

    /// One round: virt-node's start, then the baselines.
    package func round() async throws(AgentError) -> Round {
        let clock = ContinuousClock()
        let seconds = Mutex<Double?>(nil)
        let document = Mutex("")
        let begin = clock.now
        let failure = Mutex<AgentError?>(nil)
        try await bench.run([instance]) { report in
            switch report {
            case .planned(let xml, _): document.withLock { $0 = xml }
            case .status(let instance) where instance.status?.phase == .running:
                seconds.withLock { $0 = $0 ?? begin.duration(to: clock.now).inSeconds }
            case .failed(let error): failure.withLock { $0 = error }
            default: break
            }
        } whenAllRun: {
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard let virtNode = seconds.withLock({ $0 }) else {
            throw .startEnded(instance: instance.qualifiedName, reason: "it never ran")
        }
        let xml = document.withLock { $0 }
        let folder = try socketFolder(in: xml)
        defer { try? Files.remove(folder) }
        let createXML = try await createXML(xml)
        let virshCreate = bench.connection.endpoint.isEmbedded ? nil : try await virshCreate(xml)
        return Round(virtNode: virtNode, createXML: createXML, virshCreate: virshCreate)
    }

    /// The document names sockets in a folder that the VM took along at its end: the baselines need it once more.
    private func socketFolder(in xml: String) throws(AgentError) -> FilePath {
        guard let match = xml.firstMatch(of: /path="([^"]*)\/serial0"/) else {
            throw .startEnded(instance: instance.qualifiedName, reason: "its document names no serial console")
        }
        let folder = FilePath(String(match.1))
        try Files.makeFolder(folder, mode: 0o700)
        let label = bench.environment.user.label
        try Files.give(folder, uid: label.uid, gid: label.gid)
        return folder
    }

    private func createXML(_ xml: String) async throws(AgentError) -> Double {
        let clock = ContinuousClock()
        do throws(LibvirtError) {
            let begin = clock.now
            let domain = try await bench.connection.create(xml)
            let seconds = begin.duration(to: clock.now).inSeconds
            try await domain.destroy()
            return seconds
        } catch {
            throw .libvirt(instance: instance.qualifiedName, step: "create the domain", error)
        }
    }

    private func virshCreate(_ xml: String) async throws(AgentError) -> Double {
        let file = bench.session.folders.session(bench.session.id).appending("domain.xml")
        try Files.writeAtomically(.init(xml.utf8), to: file)
        let clock = ContinuousClock()
        let begin = clock.now
        try await virsh(["create", file.string])
        let seconds = begin.duration(to: clock.now).inSeconds
        let name = xml.firstMatch(of: /<name>([^<]*)<\/name>/).map { String($0.1) } ?? ""
        try await virsh(["destroy", name])
        return seconds
    }

    private func virsh(_ words: [String]) async throws(AgentError) {
        do {
            let result = try await run(
                .name("virsh"), arguments: Arguments(["-q", "-c", bench.connection.endpoint.uri] + words),
                output: .discarded, error: .string(limit: 4096))
            guard !result.terminationStatus.isSuccess else { return }
            throw AgentError.startEnded(
                instance: instance.qualifiedName, reason: "virsh \(words[0]): \(result.standardError)")
        } catch let error as AgentError {
            throw error
        } catch {
            throw .startEnded(
                instance: instance.qualifiedName, reason: "virsh cannot be run: apt-get install libvirt-clients")
        }
    }
}
