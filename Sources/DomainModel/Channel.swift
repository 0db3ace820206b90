/// `<channel>`: a virtio serial port with a name, such as the guest agent's.
package struct Channel: XMLPart {
    package var type = "unix"
    /// The Unix socket that QEMU listens on; libvirt's choice where nil.
    package var socket: String?
    package var targetType = "virtio"
    package var name = ""
    /// `connected` or `disconnected`, in the document of a running domain.
    package var state: String?
    package var alias: String?
    package var rest: XMLRest?

    package init() {}

    package init(name: String, socket: String? = nil) {
        self.name = name
        self.socket = socket
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.boundSocket(&socket)
        visitor.group("target") { target in
            target.attribute("type", &targetType)
            target.attribute("name", &name)
            target.attribute("state", &state)
        }
        visitor.alias(&alias)
    }
}
