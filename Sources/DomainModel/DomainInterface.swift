/// `<interface>`.
package struct DomainInterface: Sendable, Equatable {
    package enum Source: String, Sendable {
        /// QEMU's own user-mode network stack (`type='user'`).
        case user
        /// A tap device made by others (`type='ethernet'`).
        case ethernet
    }

    package var source: Source
    package var alias: String
    package var model: String
    package var mac: String?
    package var bootOrder: UInt32?
    package var queues: UInt64?
    package var linkDown = false
    package var romDisabled = false
    package var acpiIndex: Int?
    package var address: DeviceAddress?

    package init(source: Source, alias: String, model: String) {
        self.source = source
        self.alias = alias
        self.model = model
    }

    func write(to writer: inout XMLWriter) {
        writer.element("interface") { writer in
            writer.attribute("type", source.rawValue)
            if let mac { writer.element("mac") { $0.attribute("address", mac) } }
            writer.element("model") { $0.attribute("type", model) }
            if let queues {
                writer.element("driver") { writer in
                    writer.attribute("name", "vhost")
                    writer.attribute("queues", queues)
                }
            }
            if linkDown { writer.element("link") { $0.attribute("state", "down") } }
            if let bootOrder { writer.element("boot") { $0.attribute("order", bootOrder) } }
            if romDisabled { writer.element("rom") { $0.attribute("enabled", yes: false) } }
            if let acpiIndex { writer.element("acpi") { $0.attribute("index", acpiIndex) } }
            writer.element("alias") { $0.attribute("name", alias) }
            address?.write(to: &writer)
        }
    }
}
