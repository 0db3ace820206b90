/// `<rng>`, fed from the host's `/dev/urandom` unless another source is named.
package struct RandomNumberGenerator: XMLPart {
    package var model = ""
    package var backendModel = "random"
    package var backendPath = "/dev/urandom"
    package var driverIOMMU: Bool?
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(model: String, driverIOMMU: Bool? = nil) {
        self.model = model
        self.driverIOMMU = driverIOMMU
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("model", &model)
        visitor.group("backend") { backend in
            backend.attribute("model", &backendModel)
            backend.text(&backendPath)
        }
        visitor.driver(iommu: &driverIOMMU)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}
