internal import Disks
internal import DomainModel
internal import DomainPlan
internal import FoundationEssentials
internal import HostDevices
internal import HostModel
internal import Images
internal import KubeVirtModel
internal import KubernetesModel
internal import Libvirt
internal import Networks
internal import Placement
internal import Synchronization
internal import SystemPackage

/// A VM whose QEMU runs.
struct StartedMachine: Sendable {
    var domain: DomainHandle
    var console: SerialConsole?
    var forwards: [PortForward]
    var live: LiveDomain
    var warnings: [PlanWarning]
    var capacities: [String: Int64]
    /// The live document of libvirt.
    var xml: String
    /// Nil where it was not looked for.
    var qemu: ProcessIdentity?
}

/// Takes a VMI from its spec to a running domain, step by step. What it takes of the host stands in the intent before;
/// `MachineCleanup` undoes all of it, however far the start came.
struct MachineStarter: Sendable {
    let instance: VirtualMachineInstance
    let environment: MachineEnvironment
    let intent: Intent
    let sockets: FilePath
    let report: @Sendable (MachineReport) -> Void
    let prepared: @Sendable () -> Void

    private var name: String { instance.qualifiedName }
    private var folder: FilePath { environment.session.folders.machine(intent.uid) }

    func start() async throws(AgentError) -> StartedMachine {
        if environment.mustOutlive, environment.connection.endpoint.isEmbedded {
            let ties = ProcessTie.tiesOfChildren()
            guard ties.isEmpty else { throw .unsafePlacement(instance: name, ties) }
        }
        let tpm = instance.spec.domain.devices.tpm
        if tpm?.enabled ?? (tpm != nil), environment.connection.endpoint.isEmbedded {
            throw .tpmNeedsDaemon(instance: name)
        }
        if !environment.connection.endpoint.isFake, let problem = environment.verdict.lostKVM() {
            throw .kvmLost(instance: name, problem: problem)
        }
        if let (field, reason) = ForegroundLimits.unmet(instance, bindsDevices: environment.devices != nil) {
            throw .notInForeground(instance: name, field: field, reason: reason)
        }
        if let (field, reason) = environment.hostDisks.unmet(instance, environment.session.folders.node) {
            throw .hostDiskRefused(instance: name, field: field, reason: reason)
        }
        let preparer = makePreparer()
        let forwards = try network { () throws(NetworkError) in try PortForwardPlan.of(instance) }
        let interfaces = try network { () throws(NetworkError) in try UserModeNetwork.prepare(instance) }
        let images = try await timed(.image, detail: imageDetail) { () async throws(AgentError) in
            try await disk { () async throws(DiskError) in try await preparer.images() }
        }
        try checkStop()
        let disks = try await timed(.disks, detail: "\(instance.spec.volumes.count) volumes") {
            () async throws(AgentError) in
            try await disk { () async throws(DiskError) in try await preparer.disks(images) }
        }
        try checkStop()
        prepared()
        await environment.limiter.enter(priority: environment.priority)
        let result: Result<StartedMachine, AgentError>
        do throws(AgentError) {
            try checkStop()
            let (plan, request) = try makePlan(images, disks, interfaces)
            try await environment.idleCPUs?.wake(request.placement?.ownCPUs ?? [])
            try await takeDevices(request.placement)
            result = .success(try await launch(plan, request, disks, forwards))
        } catch {
            result = .failure(error)
        }
        await environment.limiter.leave()
        return try result.get()
    }

    private func launch(
        _ plan: DomainPlan, _ request: PlanRequest, _ disks: [String: PreparedDisk], _ forwards: [PortForward]
    ) async throws(AgentError) -> StartedMachine {
        try checkStop()
        var xml = plan.domain.xml().text
        if environment.connection.endpoint.isFake { xml = FakeDomain.adapt(xml) }
        report(.planned(xml: xml, request))
        try await requireFreeName(plan.domain.name)
        let domain = try await timed(.define, detail: plan.domain.name) { () async throws(AgentError) in
            try await libvirt("define the domain") { () async throws(LibvirtError) in
                try await environment.connection.define(xml)
            }
        }
        try checkStop()
        return try await timed(.start, detail: "QEMU as \(environment.user.name)") { () async throws(AgentError) in
            try await run(domain, plan, disks, forwards)
        }
    }

    /// Starts the domain paused, so that no byte of the console is lost and the forwards are there before the guest.
    private func run(
        _ domain: DomainHandle, _ plan: DomainPlan, _ disks: [String: PreparedDisk], _ forwards: [PortForward]
    ) async throws(AgentError) -> StartedMachine {
        // libvirt's fake driver knows no paused start.
        let isFake = environment.connection.endpoint.isFake
        try await libvirt("start the domain") { () async throws(LibvirtError) in
            try await domain.start(paused: !isFake)
        }
        try checkStop()
        if let cpus = plan.emulatorPin, !isFake {
            try await libvirt("pin the emulator thread to CPUs \(cpus)") { () async throws(LibvirtError) in
                try await domain.pinEmulator(to: cpus.ids)
            }
        }
        let qemu = environment.mustOutlive && !isFake ? try await independentQEMU(domain) : nil
        let console = try connectConsole(plan)
        let opened = try await open(forwards, domain)
        if instance.spec.startStrategy != .paused, !isFake {
            try await libvirt("resume the guest") { () async throws(LibvirtError) in try await domain.resume() }
        }
        let xml = try await libvirt("read the domain") { () async throws(LibvirtError) in try await domain.xml() }
        guard let live = try? LiveDomain(xml) else {
            throw .startEnded(instance: name, reason: "libvirt's description of it cannot be read")
        }
        return StartedMachine(
            domain: domain, console: console, forwards: opened, live: live, warnings: plan.warnings,
            capacities: disks.mapValues(\.capacity), xml: xml, qemu: qemu)
    }

    /// A guest that would end with the daemon's pod never executes an instruction.
    private func independentQEMU(_ domain: DomainHandle) async throws(AgentError) -> ProcessIdentity? {
        let qemu = ProcessScan.qemu(guest: intent.domain, uuid: intent.domainUUID)
        let ties: [ProcessTie]
        if let qemu {
            ties = ProcessTie.ties(of: qemu.pid)
        } else {
            let isActive = try await libvirt("look at the domain") { () async throws(LibvirtError) in
                try await domain.isActive()
            }
            ties = isActive ? [.invisible] : []
        }
        guard ties.isEmpty else { throw .unsafePlacement(instance: name, ties) }
        return qemu
    }

    private func connectConsole(_ plan: DomainPlan) throws(AgentError) -> SerialConsole? {
        guard !environment.connection.endpoint.isFake, let path = plan.domain.devices.serials.first?.socket else {
            return nil
        }
        do throws(Errno) { return try SerialConsole(path: path) } catch {
            throw .console(instance: name, path: path, error)
        }
    }

    private func open(_ forwards: [PortForward], _ domain: DomainHandle) async throws(AgentError) -> [PortForward] {
        guard !forwards.isEmpty else { return [] }
        do {
            return try await PortForwarder { try await domain.humanMonitor($0) }.open(forwards)
        } catch let error as NetworkError {
            throw .network(instance: name, error)
        } catch let error as LibvirtError {
            throw .libvirt(instance: name, step: "forward ports", error)
        } catch {
            throw .startEnded(instance: name, reason: "\(error)")
        }
    }

    private func makePlan(
        _ images: PreparedImages, _ disks: [String: PreparedDisk], _ interfaces: [String: PreparedInterface]
    ) throws(AgentError) -> (DomainPlan, PlanRequest) {
        var resources = PreparedResources(
            serialSocket: sockets.appending("serial0").string, vncSocket: sockets.appending("vnc").string)
        if environment.connection.endpoint.isEmbedded { resources.agentSocket = sockets.appending("agent").string }
        resources.disks = disks
        resources.kernel = images.kernel
        resources.interfaces = interfaces
        if instance.spec.domain.devices.clientPassthrough != nil {
            resources.usbRedirectionSockets = (0..<4).map { sockets.appending("usbredir\($0)").string }
        }
        if let efi = instance.spec.domain.firmware?.bootloader?.efi {
            let secure = efi.secureBoot ?? true
            let place: FirmwareFiles.Place =
                efi.persistent ?? false
                ? .kept(environment.session.folders.nvram, domain: intent.domain) : .dropped(folder)
            guard let loader = try FirmwareFiles.prepare(secureBoot: secure, place, user: environment.user) else {
                throw .firmwareMissing(instance: name, secureBoot: secure)
            }
            resources.firmware = loader
        }
        if let document = instance.metadata.annotations[Annotation.ignition] {
            let file = folder.appending("ignition.json")
            try Files.writeAtomically(Data(document.utf8), to: file)
            try Files.give(file, uid: environment.user.label.uid, gid: environment.user.label.gid)
            resources.ignitionFile = file.string
        }
        let placement = try place()
        var metadata = DomainMetadata(
            uid: intent.uid, namespace: instance.namespace, name: instance.name,
            generation: instance.metadata.generation ?? 1, owner: environment.session.owner, bootID: intent.bootID)
        metadata.placement = placement?.record
        let request = PlanRequest(
            instance: instance, accelerator: environment.verdict.verdict == .kvm ? .kvm : .emulation,
            resources: resources, placement: placement,
            sharedCPUs: environment.allocator?.sharedCPUs, metadata: metadata, securityLabel: environment.user.label,
            emulation: environment.emulation)
        var plan: DomainPlan
        do throws(DomainPlanError) { plan = try DomainPlan(request) } catch { throw .plan(error) }
        if let guest = environment.guest { guest.apply(to: &plan.domain) }
        if let blocking = plan.warnings.first(where: \.isBlocking) { throw .cannotStart(blocking, instance: name) }
        return (plan, request)
    }

    /// From now on the host's own drivers have none of them. What is taken stands in the ledger of devices before.
    private func takeDevices(_ placement: Placement?) async throws(AgentError) {
        guard let placement, !placement.devices.isEmpty, let broker = environment.devices else { return }
        let label = environment.user.label
        let list = placement.devices.map { "\($0.device)" }.joined(separator: ", ")
        try await timed(.devices, detail: list) { () async throws(AgentError) in
            do throws(DeviceError) {
                try await broker.take(
                    placement, making: environment.allocator?.making(for: intent.uid) ?? [], for: instance,
                    uid: intent.uid, owner: FileOwner(uid: label.uid, gid: label.gid))
            } catch {
                throw .device(instance: name, error)
            }
        }
    }

    /// Memory, dedicated CPUs, hugepages and devices out of all that may be given to VMs. A foreground run keeps no account of what
    /// other VMs hold.
    private func place() throws(AgentError) -> Placement? {
        let request = PlacementRequest(instance)
        if let allocator = environment.allocator {
            // libvirt's fake driver takes no memory.
            let need =
                environment.connection.endpoint.isFake
                ? MemoryNeed(ordinary: 0, overhead: 0)
                : MemoryNeed(instance, isEmulated: environment.verdict.verdict != .kvm)
            return try allocator.take(request, need, for: intent.uid, name: name)
        }
        guard let request else { return nil }
        do throws(PlacementError) {
            return try Placement.make(
                request, host: Host(probing: HostRoot()), grant: Grant(cpus: Self.allowedCPUs))
        } catch {
            throw .placement(error)
        }
    }

    /// The CPUs that this process, and so QEMU, may run on.
    static var allowedCPUs: CPUSet? {
        let prefix = "Cpus_allowed_list:"
        return HostRoot().lines("/proc/self/status").first { $0.hasPrefix(prefix) }.flatMap {
            CPUSet(list: $0.dropFirst(prefix.count))
        }
    }

    /// Refuses a domain of our name that is another's, with what to do, before libvirt does so in its own words.
    private func requireFreeName(_ domain: String) async throws(AgentError) {
        let twin = try await libvirt("look for the domain") { () async throws(LibvirtError) in
            try await environment.connection.domain(named: domain)
        }
        guard let twin else { return }
        if twin.uuid != intent.domainUUID { throw .domainInTheWay(instance: name, domain: domain) }
        let isActive = try await libvirt("look at the domain") { () async throws(LibvirtError) in
            try await twin.isActive()
        }
        if isActive { throw .domainRuns(instance: name) }
    }

    private func makePreparer() -> DiskPreparer {
        let report = self.report
        return DiskPreparer(
            instance: instance, objects: environment.objects, store: environment.store, registry: environment.registry,
            folder: folder, claims: environment.session.folders.claims, owner: environment.user.label,
            progress: { image, progress in report(.imageProgress(image: image, progress)) })
    }

    private var imageDetail: String {
        let images =
            instance.spec.volumes.compactMap { $0.containerDisk?.image }
            + [instance.spec.domain.firmware?.kernelBoot?.container?.image].compactMap { $0 }
        return images.isEmpty ? "none needed" : images.joined(separator: ", ")
    }

    private func checkStop() throws(AgentError) {
        if Task.isCancelled { throw .stopped(instance: name) }
    }

    private func timed<Value>(
        _ step: MachineStep, detail: String, _ body: () async throws(AgentError) -> Value
    ) async throws(AgentError) -> Value {
        let clock = ContinuousClock()
        let begin = clock.now
        let value = try await body()
        report(.step(step, seconds: begin.duration(to: clock.now).inSeconds, detail: detail))
        return value
    }

    private func disk<Value>(_ body: () async throws(DiskError) -> Value) async throws(AgentError) -> Value {
        do throws(DiskError) { return try await body() } catch { throw .disk(instance: name, error) }
    }

    private func network<Value>(_ body: () throws(NetworkError) -> Value) throws(AgentError) -> Value {
        do throws(NetworkError) { return try body() } catch { throw .network(instance: name, error) }
    }

    private func libvirt<Value>(
        _ step: String, _ body: () async throws(LibvirtError) -> Value
    ) async throws(AgentError) -> Value {
        do throws(LibvirtError) { return try await body() } catch {
            throw .libvirt(instance: name, step: step, error)
        }
    }
}

extension Duration {
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
