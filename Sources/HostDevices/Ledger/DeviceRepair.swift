package import Placement

/// What must be undone when the daemon starts, so that no device stays bound to nobody.
package enum DeviceRepair: Sendable, Hashable {
    /// A hold of an earlier boot: the reboot has undone it.
    case forget(uid: String)
    /// Its VM is gone.
    case giveBack(DeviceHold)
    /// A device on vfio-pci that neither a VM nor the operator has.
    case release(address: String)
}

extension DeviceRepair {
    /// Pure, and the same again once all is done: nothing.
    ///
    /// - Parameters:
    ///   - living: The uids of VMs that run, or of which it is unknown.
    ///   - inUse: The devices of all domains on the host, also of those that are not ours.
    ///   - onVFIO: As ``OperatorDevices/onVFIO(_:_:)`` tells.
    ///   - operators: Noted in this boot; without it, or with one of another boot, no device is released.
    package static func plan(
        _ contents: DeviceLedgerContents, living: Set<String>, inUse: Set<GrantedDevice>, onVFIO: [String],
        operators: OperatorDevices?, bootID: String
    ) -> [DeviceRepair] {
        // A boot id that cannot be read proves no reboot.
        let isVoid = { (hold: DeviceHold) in !bootID.isEmpty && !hold.bootID.isEmpty && hold.bootID != bootID }
        let void = contents.holds.filter(isVoid)
        let valid = contents.holds.filter { !isVoid($0) }
        let kept = valid.filter { living.contains($0.uid) || $0.devices.contains(where: inUse.contains) }
        let ended = valid.filter { hold in !kept.contains { $0.uid == hold.uid } }
        let steps =
            void.map { DeviceRepair.forget(uid: $0.uid) }
            + ended.map { hold in .giveBack(kept.reduce(hold) { $0.without($1) }) }
        guard contents.unreadable.isEmpty, let operators, operators.bootID == bootID, !bootID.isEmpty else {
            return steps
        }
        let known = Set(valid.flatMap(\.bindings).map(\.address)).union(operators.addresses)
        return steps
            + onVFIO.filter { !known.contains($0) && !inUse.contains(.pci($0)) }.map { .release(address: $0) }
    }

    /// Performs the steps, each whatever becomes of the others; what fails stays in the ledger for the next time.
    package static func run(
        _ steps: [DeviceRepair], _ keeper: DeviceKeeper, _ ledger: DeviceLedger
    ) async -> [DeviceError] {
        var problems: [DeviceError] = []
        for step in steps {
            do throws(DeviceError) {
                switch step {
                case .forget(let uid): try ledger.remove(uid: uid)
                case .release(let address): try await keeper.release(address)
                case .giveBack(let hold):
                    let result = await keeper.giveBack(hold)
                    problems += result.problems
                    try ledger.settle(result)
                }
            } catch {
                problems.append(error)
            }
        }
        return problems
    }
}
