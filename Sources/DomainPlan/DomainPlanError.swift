/// Why no domain can be made of a VMI.
package enum DomainPlanError: Error, Equatable {
    case volumeNotPrepared(instance: String, volume: String)
    case interfaceNotPrepared(instance: String, interface: String)
    case badPCIAddress(instance: String, field: String, address: String)
    case cacheNeedsDirectIO(instance: String, disk: String)
}

extension DomainPlanError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .volumeNotPrepared(let instance, let volume):
            "\(instance): volume \(volume) was not made ready: this is a fault of virt-node, please report it"
        case .interfaceNotPrepared(let instance, let interface):
            "\(instance): interface \(interface) was not made ready: this is a fault of virt-node, please report it"
        case .badPCIAddress(let instance, let field, let address):
            "\(instance): \(field): \"\(address)\" is no PCI address: write one such as 0000:81:01.0"
        case .cacheNeedsDirectIO(let instance, let disk):
            "\(instance): disk \(disk) asks for cache: none, and its filesystem cannot do O_DIRECT: leave cache out, or write writethrough"
        }
    }
}

/// Something that a domain could not give as it was asked for.
package struct PlanWarning: Sendable, Equatable {
    /// A stable name in camel case.
    package var reason: String
    package var field: String
    package var message: String

    package init(reason: String, field: String, message: String) {
        self.reason = reason
        self.field = field
        self.message = message
    }
}
