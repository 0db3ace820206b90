/// `<interface>`.
package struct DomainInterface: XMLPart {
    package enum Source: Sendable, Equatable {
        /// QEMU's own user-mode network stack, or passt's (`type='user'`).
        case user
        /// A tap device made by others (`type='ethernet'`).
        case ethernet
        /// A bridge of the host, by name.
        case bridge(String)
        /// A network of libvirt's, by name.
        case network(String)
        /// A Unix socket on which another program moves the packets.
        case vhostUser(path: String, mode: String = "client")
        /// Another type by its name, such as `direct`; what belongs to it is in the rest.
        case other(String)
    }

    /// `<target>`: the device on the host.
    package struct Target: Sendable, Equatable {
        package var name: String
        /// Whether libvirt makes and removes the device.
        package var managed: Bool?

        package init(name: String, managed: Bool? = nil) {
            self.name = name
            self.managed = managed
        }
    }

    /// `<ip>`: in user mode, a network that QEMU gives the guest an address of.
    package struct IPAddress: XMLPart {
        package enum Family: String, XMLWord { case ipv4, ipv6 }

        package var family: Family?
        package var address = ""
        /// Bits.
        package var prefix: Int?
        package var rest: XMLRest?

        package init() {}

        package init(family: Family, address: String, prefix: Int) {
            self.family = family
            self.address = address
            self.prefix = prefix
        }

        package mutating func visit(_ visitor: inout some XMLVisitor) {
            visitor.attribute("family", &family)
            visitor.attribute("address", required: &address)
            visitor.attribute("prefix", &prefix)
        }
    }

    package var source = Source.ethernet
    package var mac: String?
    package var addresses: [IPAddress] = []
    package var target: Target?
    package var model = ""
    /// `driver/@name`, such as `vhost`.
    package var driverName: String?
    package var queues: UInt64?
    package var driverIOMMU: Bool?
    /// `<backend type=…/>`, such as `passt`.
    package var backendType: String?
    package var mtu: Int?
    package var linkDown = false
    package var bootOrder: UInt32?
    package var romDisabled = false
    package var acpiIndex: Int?
    package var alias = ""
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(source: Source, alias: String, model: String) {
        self.source = source
        self.alias = alias
        self.model = model
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.interfaceSource(&source)
        visitor.attribute("type", in: "backend", &backendType)
        visitor.attribute("address", in: "mac", &mac)
        visitor.elements("ip", &addresses)
        visitor.group("target") { element in
            var (name, managed) = (target?.name, target?.managed)
            element.attribute("dev", &name)
            if name != nil { element.attribute("managed", yesNo: &managed) }
            if element.isReading { target = name.map { Target(name: $0, managed: managed) } }
        }
        visitor.attribute("type", in: "model", &model)
        visitor.group("driver") { driver in
            driver.attribute("name", &driverName)
            driver.attribute("queues", &queues)
            driver.attribute("iommu", onOff: &driverIOMMU)
        }
        visitor.attribute("size", in: "mtu", &mtu)
        visitor.group("link") { $0.attribute("state", is: "down", &linkDown) }
        visitor.boot(order: &bootOrder)
        visitor.group("rom") { $0.attribute("enabled", is: "no", &romDisabled) }
        visitor.attribute("index", in: "acpi", &acpiIndex)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

extension XMLVisitor {
    /// The type of an interface, and the `<source>` that belongs to it.
    fileprivate mutating func interfaceSource(_ source: inout DomainInterface.Source) {
        var type = source.type
        attribute("type", &type)
        let known = source
        if Self.isReading { source = .other(type) }
        choice("source") { element in
            switch type {
            case "bridge": element.name("bridge", known.name, { source = .bridge($0) })
            case "network": element.name("network", known.name, { source = .network($0) })
            case "vhostuser": element.vhostUser(&source)
            case "user" where Self.isReading: source = .user
            case "ethernet" where Self.isReading: source = .ethernet
            default: break
            }
        }
    }

    private mutating func name(_ name: StaticString, _ known: String?, _ take: (String) -> Void) {
        var value = known
        attribute(name, &value)
        if Self.isReading, let value { take(value) }
    }

    private mutating func vhostUser(_ source: inout DomainInterface.Source) {
        var (path, mode): (String?, String?)
        if case .vhostUser(let knownPath, let knownMode) = source { (path, mode) = (knownPath, knownMode) }
        var isUnix = path != nil
        if Self.isReading, peek("type") != "unix" || peek("path") == nil || peek("mode") == nil { return }
        attribute("type", is: "unix", &isUnix)
        attribute("path", &path)
        attribute("mode", &mode)
        if Self.isReading, let path, let mode { source = .vhostUser(path: path, mode: mode) }
    }
}

extension DomainInterface.Source {
    /// `interface/@type`.
    package var type: String {
        switch self {
        case .user: "user"
        case .ethernet: "ethernet"
        case .bridge: "bridge"
        case .network: "network"
        case .vhostUser: "vhostuser"
        case .other(let type): type
        }
    }

    fileprivate var name: String? {
        switch self {
        case .bridge(let name), .network(let name): name
        default: nil
        }
    }
}
