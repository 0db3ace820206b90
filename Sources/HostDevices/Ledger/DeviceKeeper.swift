package import HostModel
import Placement

/// Takes a VM's devices from the host and gives them back.
///
///     plan ──► the caller stores the hold ──► take ──► QEMU runs, ends ──► giveBack ──► the caller settles it
///                                               │ throws                       ▲
///                                               └──────────────────────────────┘
///
/// ``take(_:for:)`` and ``giveBack(_:)`` may be repeated, and the second undoes the first wherever it stopped, also in
/// another process: a device is on vfio-pci only while a stored hold names it.
///
/// *Synchronization*: none. One call at a time for a VM; the caller checks and stores holds of several VMs one by one.
package struct DeviceKeeper: Sendable {
    private let root: HostRoot
    private let binder: VFIOBinder
    private let resets: DeviceReset
    private let mediated: MediatedDevices
    private let functions: VirtualFunctions
    private let nodes: DeviceNodes

    package init(_ root: HostRoot, _ control: any HostControl) {
        self.root = root
        binder = VFIOBinder(root, control)
        resets = DeviceReset(root, control)
        mediated = MediatedDevices(root, control)
        functions = VirtualFunctions(root, control)
        nodes = DeviceNodes(root, control)
    }

    /// Checks that the devices may be had together, and says what taking them would change; changes nothing. `holds`
    /// are all of the node: a VM that has one must take by that, or give it back first, since it alone knows how the
    /// devices were. `host` must be read after the last of them was given back.
    package func plan(
        _ request: VMDevices, on host: Host, besides holds: [DeviceHold]
    ) throws(DeviceError) -> DeviceHold {
        if let own = holds.first(where: { $0.uid == request.uid }) { throw .holdLeft(name: own.name) }
        let wanted = request.devices + request.mediated.map { .mdev($0.uuid) }
        for device in wanted {
            guard let other = holds.holder(of: device) else { continue }
            throw .alreadyHeld(device: "\(device)", holder: other.name)
        }
        var hold = DeviceHold(uid: request.uid, name: request.name, bootID: host.kernel.bootID)
        hold.mediated = request.mediated
        for made in request.mediated {
            // One that is there is somebody else's: giving it back would remove it.
            guard let twin = host.mediatedDevices.first(where: { $0.uuid == made.uuid }) else { continue }
            throw .mediatedDeviceExists(uuid: made.uuid, type: twin.type, wanted: made)
        }
        for device in request.devices {
            switch device {
            case .pci(let address): hold.bindings.append(try binder.plan(address))
            case .mdev, .usb: hold.others.append(device)
            }
        }
        try requireGroups(hold, host, holds)
        for setting in request.virtualFunctions {
            let function = try functions.locate(setting.address)
            guard hold.bindings.contains(where: { $0.address == function.address }) else {
                throw .notRequested(address: function.address, name: request.name)
            }
            hold.virtualFunctions.append(ConfiguredFunction(function: function, setting: setting))
        }
        hold.nodes = try deviceNodes(hold).map(nodes.plan)
        return hold
    }

    /// Takes what the hold names. Store the hold first. `owner` is whom QEMU runs as, where it is not root. Where this
    /// throws, ``giveBack(_:)`` undoes what was done.
    package func take(_ hold: DeviceHold, for owner: FileOwner? = nil) async throws(DeviceError) {
        if !hold.bindings.isEmpty { try await binder.loadDriver() }
        for configured in hold.virtualFunctions {
            try await functions.configure(configured.function, configured.setting)
        }
        for binding in hold.bindings {
            try await binder.bind(binding)
            _ = try await resets.reset(binding.address)
        }
        for request in hold.mediated { try await mediated.create(request) }
        guard let owner else { return }
        for node in hold.nodes { try await nodes.give(node, to: owner) }
        for request in hold.mediated {
            // Its group is known only now, and its node goes with it: nothing of it need be recorded.
            guard let group = try mediated.iommuGroup(of: request.uuid) else { continue }
            try await nodes.give(nodes.plan(.vfioGroup(group)), to: owner)
        }
    }

    /// Gives back all that the hold names, in the opposite order; what fails does not keep the rest. The VM must be
    /// gone. The caller stores `left` in place of the hold, or removes it where `left` is empty.
    package func giveBack(_ hold: DeviceHold) async -> DeviceReturn {
        var left = hold
        left.others = []
        var problems: [DeviceError] = []
        for request in hold.mediated.reversed() {
            do {
                try await mediated.remove(request)
                left.mediated.removeAll { $0 == request }
            } catch { problems.append(error) }
        }
        for configured in hold.virtualFunctions.reversed() {
            do {
                try await functions.clear(configured.function, configured.setting)
                left.virtualFunctions.removeAll { $0 == configured }
            } catch { problems.append(error) }
        }
        for binding in hold.bindings.reversed() {
            do {
                _ = try await binder.restore(binding)
                left.bindings.removeAll { $0 == binding }
            } catch { problems.append(error) }
        }
        for node in hold.nodes.reversed() {
            do {
                try await nodes.restore(node)
                left.nodes.removeAll { $0 == node }
            } catch { problems.append(error) }
        }
        return DeviceReturn(left: left, problems: problems)
    }

    /// Gives a device that no hold names to the driver that the kernel chooses.
    func release(_ address: String) async throws(DeviceError) { _ = try await binder.release(address) }

    private func requireGroups(_ hold: DeviceHold, _ host: Host, _ holds: [DeviceHold]) throws(DeviceError) {
        var holders: [String: String] = [:]
        for other in holds {
            for binding in other.bindings { holders[binding.address] = other.name }
        }
        try IOMMUGroups(host).requireWhole(hold.bindings.map(\.address), holders: holders)
    }

    /// Each once, in the order of the devices.
    private func deviceNodes(_ hold: DeviceHold) throws(DeviceError) -> [DeviceNode] {
        var found: [DeviceNode] = []
        for device in hold.bindings.map({ GrantedDevice.pci($0.address) }) + hold.others {
            let node: DeviceNode? =
                switch device {
                case .pci(let address): try PCIFunctionFiles(address, root).iommuGroup.map { .vfioGroup($0) }
                case .mdev(let uuid): try mediated.iommuGroup(of: uuid).map { .vfioGroup($0) }
                case .usb(let bus, let device): .usb(bus: bus, device: device)
                }
            if let node, !found.contains(node) { found.append(node) }
        }
        return found
    }
}
