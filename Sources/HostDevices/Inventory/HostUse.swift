/// What the host itself does with a device: a reason not to take it away.
package enum HostUse: Sendable, Hashable {
    case mounted(disk: String, at: String)
    case swap(disk: String)
    /// A volume group, a RAID or a crypt device lies on the disk.
    case disk(String, heldBy: String)
    case interface(String, InterfaceUse)
    /// The display that the firmware shows itself on, with a driver that draws the console.
    case bootDisplay(driver: String)
    /// The kernel's text console is drawn on it: taking it away was seen to hang a host. `switch` is the file that unbinds it.
    case console(switch: String)
}

package enum InterfaceUse: Sendable, Hashable {
    /// It is up with addresses or routes.
    case addresses
    /// It is part of a bridge or a bond, or carries a VLAN.
    case partOf(String)
}

extension HostUse {
    var isBootDisplay: Bool { if case .bootDisplay = self { true } else { false } }
}

extension HostUse: CustomStringConvertible {
    package var description: String {
        switch self {
        case .mounted(let disk, let place): "the host has its disk \(disk) mounted at \(place)"
        case .swap(let disk): "the host swaps to its disk \(disk)"
        case .disk(let disk, let holder): "\(holder) of the host lies on its disk \(disk)"
        case .interface(let name, .addresses): "its interface \(name) is up with addresses of the host"
        case .interface(let name, .partOf(let other)): "its interface \(name) is part of the host's \(other)"
        case .bootDisplay(let driver): "it is the host's display, driven by \(driver)"
        case .console(let file): "it shows the host's console, which echo 0 >\(file) takes from it"
        }
    }
}
