package import DomainModel

/// What libvirt says that domains of one machine type and accelerator can be given (`virConnectGetDomainCapabilities`).
package struct DomainCapabilities: Sendable, Equatable {
    /// What a domain with `host-model` gets.
    package var hostModel: String?
    package var hostVendor: String?
    package var requiredFeatures: [String] = []
    /// The named models that this host can give.
    package var usableModels: [String] = []
    /// libvirt's names of Hyper-V's features.
    package var hyperVFeatures: [String] = []
    package var hasSEV = false
    package var hasSEVES = false

    package init() {}

    package init(xml: String) throws(XMLError) {
        let root = try XMLReader.read(xml)
        let modes = root["cpu"]?.all("mode") ?? []
        func mode(_ name: String) -> XMLElement? {
            modes.first { $0.attributes["name"] == name && $0.attributes["supported"] == "yes" }
        }
        let host = mode("host-model")
        hostModel = host?["model"]?.text
        hostVendor = host?["vendor"]?.text
        requiredFeatures = (host?.all("feature") ?? []).filter { $0.attributes["policy"] == "require" }
            .compactMap { $0.attributes["name"] }
        usableModels = (mode("custom")?.all("model") ?? []).filter { $0.attributes["usable"] == "yes" }.map(\.text)
        let features = root["features"]
        let hyperV = features?["hyperv"]
        if hyperV?.attributes["supported"] == "yes" {
            hyperVFeatures = (hyperV?["enum"]?.all("value") ?? []).map(\.text)
        }
        let sev = features?["sev"]
        hasSEV = sev?.attributes["supported"] == "yes"
        hasSEVES = hasSEV && (sev?["maxESGuests"]?.text).flatMap { Int($0) }.map { $0 > 0 } == true
    }
}
