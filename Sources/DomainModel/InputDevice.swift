/// `<input>`.
package struct InputDevice: XMLPart {
    package var type = ""
    package var bus = ""
    package var model: String?
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(type: String, bus: String, model: String? = nil, alias: String? = nil) {
        self.type = type
        self.bus = bus
        self.model = model
        self.alias = alias
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.attribute("bus", &bus)
        visitor.attribute("model", &model)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

/// `<redirdev>`: a USB port that a client fills over a socket.
package struct USBRedirection: XMLPart {
    package var bus = "usb"
    package var type = "unix"
    /// `bind` or `connect`.
    package var sourceMode: String?
    package var path: String?
    package var alias: String?
    package var rest: XMLRest?

    package init() {}

    package init(sourceMode: String?, path: String?, alias: String? = nil) {
        self.sourceMode = sourceMode
        self.path = path
        self.alias = alias
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("bus", &bus)
        visitor.attribute("type", &type)
        visitor.group("source") { source in
            source.attribute("mode", &sourceMode)
            source.attribute("path", &path)
        }
        visitor.alias(&alias)
    }
}
