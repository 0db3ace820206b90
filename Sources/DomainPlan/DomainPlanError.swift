/// Why no domain can be made of a VMI.
package enum DomainPlanError: Error, Equatable {
    case volumeNotPrepared(instance: String, volume: String)
    case interfaceNotPrepared(instance: String, interface: String)
    case badPCIAddress(instance: String, field: String, address: String)
    case cacheNeedsDirectIO(instance: String, disk: String)
    case deviceNotGranted(instance: String, field: String, resource: String)
    case deviceOfWrongKind(instance: String, field: String, device: String, needed: String)
    case rootComplexFull(instance: String, devices: Int, slots: Int)
    case emulationForbidden(instance: String, field: String, why: String)
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
        case .deviceNotGranted(let instance, let field, let resource):
            "\(instance): \(field): no device \(resource) is given to it: give one (--device \(resource)=ADDRESS)"
        case .deviceOfWrongKind(let instance, let field, let device, let needed):
            "\(instance): \(field): \(device) is not \(needed): give one that is"
        case .rootComplexFull(let instance, let devices, let slots):
            "\(instance): \(devices) PCI devices, and the root complex has \(slots) free slots: remove the annotation \(Annotation.rootComplex), or devices"
        case .emulationForbidden(let instance, let field, let why):
            "\(instance): \(field): \(why); and the configuration forbids to start it otherwise"
        }
    }
}
