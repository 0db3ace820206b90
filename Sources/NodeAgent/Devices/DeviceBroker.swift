internal import FoundationEssentials
internal import HostDevices
internal import HostModel
internal import KubeVirtModel
internal import Logging
internal import Placement
internal import Synchronization
internal import SystemPackage

/// Takes devices of the host for VMs, and gives them back.
///
/// Owns the ledger of devices, and the list of those that failed their reset and are out of service until the daemon
/// starts anew.
///
/// Synchronization: an actor with a thread of its own, since the kernel may let an unbind or a reset wait for a minute;
/// the inventory is read by others at any time, so what is out of service is behind a mutex.
actor DeviceBroker {
    nonisolated let permitted: PermittedDevices
    private nonisolated let outOfService = Mutex<[GrantedDevice: String]>([:])
    private nonisolated let executor = DispatchExecutor(label: "devices")
    private let root = HostRoot()
    private let keeper: DeviceKeeper
    private let ledger: DeviceLedger
    private let notes: FilePath
    private let logger: Logger
    /// Told of each device that went out of service, by its address and why.
    private let retired: @Sendable (String, String) -> Void

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        _ folders: SessionFolders, permitted: PermittedDevices, logger: Logger,
        retired: @escaping @Sendable (String, String) -> Void
    ) {
        self.retired = retired
        self.permitted = permitted
        self.logger = logger
        keeper = DeviceKeeper(root, SystemControl(root))
        ledger = DeviceLedger(folders.node.state.appending("devices"))
        notes = folders.node.run.appending("operator-devices.json")
    }

    /// What may be given out, and why other devices may not.
    package nonisolated func inventory(_ host: Host) -> DeviceInventory {
        guard permitted != .none else { return DeviceInventory(host, HostDeviceFacts(), permitted: .none) }
        return DeviceInventory(
            host, HostDeviceFacts(probing: HostRoot(), host: host), permitted: permitted,
            outOfService: outOfService.withLock { $0 })
    }

    /// Takes the devices of a placement from the host, and makes those of `making`; where that fails, all of them are given
    /// back first.
    package func take(
        _ placement: Placement, making: [MediatedRequest] = [], for instance: VirtualMachineInstance, uid: String,
        owner: FileOwner
    ) async throws(DeviceError) {
        guard !placement.devices.isEmpty else { return }
        var contents = ledger.read()
        if let own = contents.holds.first(where: { $0.uid == uid }) {
            // An attempt that was cut off: it alone knows how the devices were.
            await giveBack(own)
            contents = ledger.read()
        }
        let host = Host(probing: root)
        let inventory = inventory(host)
        let made = Set(making.map { GrantedDevice.mdev($0.uuid) })
        let devices = placement.devices.map(\.device).filter { !made.contains($0) }
        let companions = devices.flatMap { inventory.companions[$0] ?? [] }
        let wish = VMDevices(
            uid: uid, name: instance.qualifiedName, devices: devices + companions, mediated: making,
            virtualFunctions: try settings(placement, instance))
        let hold = try keeper.plan(wish, on: host, besides: contents.holds)
        try ledger.store(hold)
        do throws(DeviceError) {
            try await keeper.take(hold, for: owner.uid == 0 ? nil : owner)
        } catch {
            if case .resetFailed(let address, _, _) = error { retire(address, "\(error)") }
            await giveBack(hold)
            throw error
        }
    }

    /// Gives back all that a VM holds; what fails stays in the ledger, and is tried again when the daemon starts.
    package func giveBack(uid: String) async {
        guard let hold = ledger.read().holds.first(where: { $0.uid == uid }) else { return }
        await giveBack(hold)
    }

    private func giveBack(_ hold: DeviceHold) async {
        let result = await keeper.giveBack(hold)
        for problem in result.problems {
            logger.error("\(hold.name): a device is not given back: \(problem)", metadata: ["uid": "\(hold.uid)"])
        }
        do throws(DeviceError) { try ledger.settle(result) } catch {
            logger.error("\(hold.name): \(error)", metadata: ["uid": "\(hold.uid)"])
        }
    }

    private func retire(_ address: String, _ reason: String) {
        guard let device = try? GrantedDevice(address) else { return }
        outOfService.withLock { $0[device] = reason }
        logger.error("\(address) is out of service until the daemon starts anew: \(reason)")
        retired(address, reason)
    }

    /// Undoes what a crash left: no device stays bound to nobody. `living` are the uids of VMs that may run.
    package func repair(living: Set<String>, inUse: Set<GrantedDevice>) async {
        let host = Host(probing: root)
        let contents = ledger.read()
        for name in contents.unreadable {
            logger.error("the ledger of devices has a file that cannot be read: \(name)")
        }
        let steps = DeviceRepair.plan(
            contents, living: living, inUse: inUse, onVFIO: OperatorDevices.onVFIO(root, host),
            operators: operators(host, contents), bootID: host.kernel.bootID)
        for step in steps { logger.info("devices: \(step)") }
        for problem in await DeviceRepair.run(steps, keeper, ledger) { logger.error("devices: \(problem)") }
    }

    /// Noted once a boot, before the first VM.
    private func operators(_ host: Host, _ contents: DeviceLedgerContents) -> OperatorDevices? {
        if let known = OperatorDevices(file: notes), known.bootID == host.kernel.bootID { return known }
        let noted = OperatorDevices(noting: root, host: host, holds: contents.holds)
        do throws(AgentError) { try noted.write(to: notes) } catch {
            logger.warning("\(ErrorText.line(error))")
            return nil
        }
        return noted
    }

    /// The MACs and VLANs of interfaces that are virtual functions: a placement's devices stand in the order of its request, the
    /// interfaces last.
    private func settings(
        _ placement: Placement, _ instance: VirtualMachineInstance
    ) throws(DeviceError) -> [VirtualFunctionSetting] {
        var settings: [VirtualFunctionSetting] = []
        for interface in instance.spec.domain.devices.interfaces
        where interface.sriov != nil && interface.state != .absent {
            let vlan = instance.vlans[interface.name]
            guard interface.macAddress != nil || vlan != nil,
                case .pci(let address)? = placement.devices.last(where: { $0.name == interface.name })?.device
            else { continue }
            var mac: MACAddress?
            if let text = interface.macAddress { mac = try MACAddress(text) }
            settings.append(try VirtualFunctionSetting(address: address, mac: mac, vlan: vlan))
        }
        return settings
    }
}

extension OperatorDevices {
    init?(file: FilePath) {
        guard let data = Files.read(file), let read = try? JSONDecoder().decode(Self.self, from: data) else {
            return nil
        }
        self = read
    }

    func write(to file: FilePath) throws(AgentError) {
        // Texts and a boot id encode always.
        guard let data = try? JSONEncoder().encode(self) else { return }
        try Files.makeFolder(file.removingLastComponent())
        try Files.writeAtomically(data, to: file)
    }
}
