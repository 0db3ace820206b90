package import HostModel
import Placement

/// A mediated device that is made for a VM.
package struct MediatedRequest: Sendable, Hashable, Codable {
    /// In lower case; chosen by the caller, so that it is recorded before the device is there.
    package var uuid: String
    /// The id of its type, as `nvidia-63`.
    package var type: String
    /// The address of the device that it becomes part of.
    package var parent: String

    package init(uuid: String, type: String, parent: String) {
        self.uuid = uuid
        self.type = type
        self.parent = parent
    }
}

/// Where one more mediated device of a type can be made.
package struct MediatedOffer: Sendable, Hashable {
    package var parent: String
    package var type: MediatedType

    package init(parent: String, type: MediatedType) {
        self.parent = parent
        self.type = type
    }
}

/// Makes and removes mediated devices: vGPUs, mostly.
///
/// Making one of a type takes from what the parent's other types can still give. See the kernel's
/// `Documentation/driver-api/vfio-mediated-device.rst`.
package struct MediatedDevices: Sendable {
    private static let folder = "/sys/bus/mdev/devices"

    let root: HostRoot
    let control: any HostControl

    package init(_ root: HostRoot, _ control: any HostControl) {
        self.root = root
        self.control = control
    }

    /// The types of a name, as `mdevNameSelector` gives it, on all parents; the one with most instances left first.
    package static func offers(_ host: Host, named name: String) -> [MediatedOffer] {
        let wanted = selectorForm(name)
        let all = host.pciDevices.flatMap { device in
            device.mediatedTypes.filter { selectorForm($0.name ?? $0.id) == wanted }.map {
                MediatedOffer(parent: device.address, type: $0)
            }
        }
        return all.sorted {
            ($1.type.availableInstances, $0.parent) < ($0.type.availableInstances, $1.parent)
        }
    }

    /// Where one more device of this name can be made; throws with the numbers where it cannot.
    package static func choose(_ host: Host, named name: String) throws(DeviceError) -> MediatedOffer {
        let offers = offers(host, named: name)
        guard let best = offers.first else {
            let names = Set(host.pciDevices.flatMap { $0.mediatedTypes.map { $0.name ?? $0.id } })
            throw .unknownMediatedType(name: name, offered: names.sorted())
        }
        guard best.type.availableInstances > 0 else {
            throw .noInstancesLeft(name: name, parents: offers.map(\.parent))
        }
        return best
    }

    /// KubeVirt compares names with blanks as underscores.
    static func selectorForm(_ name: String) -> String {
        String(name.trimmed.map { $0 == " " ? "_" : $0 })
    }

    /// Makes the device; one of this UUID that is there already counts, if it is of this type and parent.
    package func create(_ request: MediatedRequest) async throws(DeviceError) {
        let (uuid, parent) = (try checked(request.uuid), try PCIFunctionFiles(request.parent, root))
        guard let type = SysfsName(request.type) else { throw .unknownMediatedType(name: request.type, offered: []) }
        if isPresent(uuid) {
            let found = root.linkName("\(Self.folder)/\(uuid)/mdev_type")
            guard found == type.text, root.isFolder("\(parent.folder)/\(uuid)") else {
                throw .mediatedDeviceExists(uuid: uuid, type: found, wanted: request)
            }
            return
        }
        try parent.requirePresent()
        let types = "\(parent.folder)/mdev_supported_types"
        guard root.isFolder("\(types)/\(type.text)") else {
            throw .unknownMediatedType(name: type.text, offered: root.names(in: types))
        }
        let left: Int? = root.integer("\(types)/\(type.text)/available_instances")
        if let left, left < 1 { throw .noInstancesLeft(name: type.text, parents: [parent.address]) }
        try await control.write(uuid, to: "\(types)/\(type.text)/create")
        guard isPresent(uuid) else { throw .mediatedDeviceNotMade(request) }
    }

    /// Removes the device; what is absent is removed.
    package func remove(_ request: MediatedRequest) async throws(DeviceError) {
        let uuid = try checked(request.uuid)
        guard isPresent(uuid) else { return }
        do { try await control.write("1", to: "\(Self.folder)/\(uuid)/remove") } catch {
            if isPresent(uuid) { throw error }
        }
    }

    /// Its IOMMU group, once it is there.
    func iommuGroup(of uuid: String) throws(DeviceError) -> Int? {
        root.linkName("\(Self.folder)/\(try checked(uuid))/iommu_group").flatMap { Int($0) }
    }

    private func isPresent(_ uuid: String) -> Bool { root.exists("\(Self.folder)/\(uuid)") }

    private func checked(_ uuid: String) throws(DeviceError) -> String {
        guard case .mdev(let checked) = try? GrantedDevice(uuid) else { throw .notAUUID(uuid) }
        return checked
    }
}
