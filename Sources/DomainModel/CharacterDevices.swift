/// `<serial type='unix'>`, with the `<console>` that libvirt makes of it.
package struct SerialPort: Sendable, Equatable {
    /// The Unix socket that QEMU listens on.
    package var socket: String
    package var port: Int

    package init(socket: String, port: Int = 0) {
        self.socket = socket
        self.port = port
    }

    func write(to writer: inout XMLWriter) {
        writer.element("serial") { writer in
            writer.attribute("type", "unix")
            writer.element("source") { writer in
                writer.attribute("mode", "bind")
                writer.attribute("path", socket)
            }
            writer.element("target") { $0.attribute("port", port) }
        }
        writer.element("console") { writer in
            writer.attribute("type", "pty")
            writer.element("target") { writer in
                writer.attribute("type", "serial")
                writer.attribute("port", port)
            }
        }
    }
}

/// `<channel type='unix'>`: a virtio serial port with a name, such as the guest agent's.
package struct Channel: Sendable, Equatable {
    package var name: String
    /// The Unix socket that QEMU listens on; libvirt's choice where nil.
    package var socket: String?

    package init(name: String, socket: String? = nil) {
        self.name = name
        self.socket = socket
    }

    func write(to writer: inout XMLWriter) {
        writer.element("channel") { writer in
            writer.attribute("type", "unix")
            if let socket {
                writer.element("source") { writer in
                    writer.attribute("mode", "bind")
                    writer.attribute("path", socket)
                }
            }
            writer.element("target") { writer in
                writer.attribute("type", "virtio")
                writer.attribute("name", name)
            }
        }
    }
}
