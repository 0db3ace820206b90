/// `<tpm>`.
package struct TrustedPlatformModule: XMLPart {
    package var model = ""
    /// `emulator`, or `passthrough` of the host's.
    package var backendType = "emulator"
    package var version: String? = "2.0"
    /// Whether the module's state outlives the domain's definition.
    package var persistentState: Bool?
    package var alias: String?
    package var rest: XMLRest?

    package init() {}

    package init(model: String, persistentState: Bool? = nil) {
        self.model = model
        self.persistentState = persistentState
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.group("backend") { backend in
            backend.attribute("type", &backendType)
            backend.attribute("version", &version)
            backend.attribute("persistent_state", yesNo: &persistentState)
        }
        visitor.alias(&alias)
    }
}
