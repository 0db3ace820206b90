/// `<watchdog>`.
package struct WatchdogDevice: XMLPart {
    package var model = ""
    package var action: String?
    package var alias = ""
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String, action: String?, alias: String) {
        self.model = model
        self.action = action
        self.alias = alias
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.attribute("action", &action)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}

/// `<panic>`: how the guest tells that its kernel died.
package struct Panic: XMLPart {
    package var model = ""
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String) { self.model = model }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}
