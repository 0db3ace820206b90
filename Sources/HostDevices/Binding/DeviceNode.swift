import Glibc
package import HostModel
import SystemPackage

/// The file of /dev through which QEMU uses a device.
package enum DeviceNode: Sendable, Hashable, Codable {
    /// `/dev/vfio/14`, of all devices of an IOMMU group.
    case vfioGroup(Int)
    /// `/dev/bus/usb/001/004`.
    case usb(bus: Int, device: Int)

    package var path: String {
        switch self {
        case .vfioGroup(let group): "/dev/vfio/\(group)"
        case .usb(let bus, let device): "/dev/bus/usb/\(padded(bus, digits: 3))/\(padded(device, digits: 3))"
        }
    }
}

/// Whose a node was before it went to QEMU's user.
package struct NodeOwnership: Sendable, Hashable, Codable {
    package var node: DeviceNode
    package var previous: FileOwner

    package init(node: DeviceNode, previous: FileOwner) {
        self.node = node
        self.previous = previous
    }
}

/// Gives device nodes to the user that QEMU runs as, and back.
package struct DeviceNodes: Sendable {
    let root: HostRoot
    let control: any HostControl

    package init(_ root: HostRoot, _ control: any HostControl) {
        self.root = root
        self.control = control
    }

    /// Whose the node is now; a group's appears with its first device on vfio-pci, and is root's then.
    package func plan(_ node: DeviceNode) -> NodeOwnership {
        NodeOwnership(node: node, previous: owner(node) ?? .root)
    }

    package func give(_ ownership: NodeOwnership, to owner: FileOwner) async throws(DeviceError) {
        guard let present = self.owner(ownership.node) else { throw .nodeMissing(path: ownership.node.path) }
        if present != owner { try await control.changeOwner(of: ownership.node.path, to: owner) }
    }

    /// A node that went with its device needs nothing.
    package func restore(_ ownership: NodeOwnership) async throws(DeviceError) {
        guard let present = owner(ownership.node), present != ownership.previous else { return }
        try await control.changeOwner(of: ownership.node.path, to: ownership.previous)
    }

    /// Maps to `lstat`; `nil` where there is no such node.
    private func owner(_ node: DeviceNode) -> FileOwner? {
        var answer = stat()
        guard lstat(root.file(node.path), &answer) == 0 else { return nil }
        return FileOwner(uid: answer.st_uid, gid: answer.st_gid)
    }
}
