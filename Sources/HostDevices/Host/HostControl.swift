/// Through which every change of the host that this module makes goes: tests play the kernel behind it.
///
/// All calls may block: the kernel answers an unbind once the driver has let go of the device, and a reset once it is
/// done, which takes up to a minute. Run them where blocking is allowed.
package protocol HostControl: Sendable {
    /// Writes to a file of sysfs that exists, by one call of `write`, as its drivers expect.
    func write(_ text: String, to path: String) async throws(DeviceError)

    /// Gives a device node to a user and a group.
    func changeOwner(of path: String, to owner: FileOwner) async throws(DeviceError)

    /// Runs a program of the host to its end, without a shell.
    func run(_ program: String, _ arguments: [String]) async throws(DeviceError)
}

/// Whom a file belongs to.
package struct FileOwner: Sendable, Hashable, Codable {
    package static let root = FileOwner(uid: 0, gid: 0)

    package var uid: UInt32
    package var gid: UInt32

    package init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}

extension FileOwner: CustomStringConvertible {
    package var description: String { "\(uid):\(gid)" }
}
