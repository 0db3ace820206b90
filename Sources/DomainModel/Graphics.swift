/// `<graphics type='vnc'>` on a Unix socket.
package struct Graphics: XMLPart {
    package var socket = ""
    package var rest: XMLRest?

    package init() {}

    package init(socket: String) { self.socket = socket }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.constant("type", "vnc")
        visitor.group("listen") { listen in
            listen.constant("type", "socket")
            listen.attribute("socket", &socket)
        }
    }
}

/// `<video>`.
package struct VideoCard: XMLPart {
    package var model = ""
    /// KiB of video memory, for the models that have a choice.
    package var memoryKiB: Int?
    package var heads: Int? = 1
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String, memoryKiB: Int? = nil, heads: Int? = 1) {
        self.model = model
        self.memoryKiB = memoryKiB
        self.heads = heads
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.group("model") { element in
            element.attribute("type", &model)
            element.attribute("vram", &memoryKiB)
            element.attribute("heads", &heads)
        }
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

/// `<sound>`.
package struct Sound: XMLPart {
    package var model = ""
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String, alias: String? = nil) {
        self.model = model
        self.alias = alias
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}
