package import DomainModel

/// What libvirt says of the host (`virConnectGetCapabilities`).
package struct LibvirtCapabilities: Sendable, Equatable {
    package struct MachineType: Sendable, Hashable {
        package var name: String
        package var isDeprecated: Bool

        package init(name: String, isDeprecated: Bool = false) {
            self.name = name
            self.isDeprecated = isDeprecated
        }
    }

    package var architecture: String?
    package var cpuVendor: String?
    /// Hertz.
    package var tscFrequency: UInt64?
    package var isTSCScalable: Bool?
    /// Of guests of the host's own architecture, aliases such as `q35` among them.
    package var machineTypes: [MachineType] = []

    package init() {}

    package init(xml: String) throws(XMLError) {
        let root = try XMLReader.read(xml)
        let cpu = root["host"]?["cpu"]
        architecture = cpu?["arch"]?.text
        cpuVendor = cpu?["vendor"]?.text
        if let counter = cpu?.all("counter").first(where: { $0.attributes["name"] == "tsc" }) {
            tscFrequency = counter.attributes["frequency"].flatMap { UInt64($0) }
            isTSCScalable = counter.attributes["scaling"].map { $0 == "yes" }
        }
        let guests = root.all("guest").compactMap { $0["arch"] }
        let machines = guests.first { $0.attributes["name"] == architecture }?.all("machine") ?? []
        machineTypes = machines.map { machine in
            MachineType(name: machine.text, isDeprecated: machine.attributes["deprecated"] == "yes")
        }
    }
}
