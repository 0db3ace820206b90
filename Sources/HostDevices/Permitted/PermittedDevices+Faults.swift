/// A field of the configuration that cannot be meant as it stands.
package struct PermittedDevicesFault: Sendable, Hashable {
    /// `permittedHostDevices.pciHostDevices[0].pciVendorSelector`.
    package var field: String
    /// What is wrong and what to write instead.
    package var problem: String

    package init(_ field: String, _ problem: String) {
        self.field = "permittedHostDevices.\(field)"
        self.problem = problem
    }
}

extension PermittedDevices {
    /// Throws ``DeviceError/invalidConfiguration(_:)`` with every fault.
    package func validate() throws(DeviceError) {
        let faults = pciFaults + mediatedFaults + usbFaults
        if !faults.isEmpty { throw .invalidConfiguration(faults) }
    }

    private var pciFaults: [PermittedDevicesFault] {
        var seen: Set<[String]> = []
        return pciHostDevices.enumerated().flatMap { index, entry in
            let field = "pciHostDevices[\(index)]"
            var faults = Self.resourceFaults(field, entry.resourceName)
            let selector = entry.pciVendorSelector
            if USBDeviceSelector.ids(selector.split(separator: ":", omittingEmptySubsequences: false)) == nil {
                faults.append(
                    .init(
                        "\(field).pciVendorSelector",
                        "\(Self.quoted(selector)) is not VENDOR:DEVICE: write the ids that lspci -nn shows, as 10DE:2331"
                    ))
            }
            if !seen.insert([selector.lowercased(), entry.resourceName]).inserted {
                faults.append(.init(field, "\(Self.quoted(selector)) stands twice under one resource: remove one"))
            }
            return faults
        }
    }

    private var mediatedFaults: [PermittedDevicesFault] {
        mediatedDevices.enumerated().flatMap { index, entry in
            let field = "mediatedDevices[\(index)]"
            let names = entry.mdevNameSelector.contains { !$0.isWhitespace }
            return Self.resourceFaults(field, entry.resourceName)
                + (names
                    ? []
                    : [
                        .init(
                            "\(field).mdevNameSelector",
                            "is empty: write the name that mdev_supported_types/TYPE/name shows, as GRID T4-1Q")
                    ])
        }
    }

    private var usbFaults: [PermittedDevicesFault] {
        usb.enumerated().flatMap { index, entry in
            let field = "usb[\(index)]"
            var faults = Self.resourceFaults(field, entry.resourceName)
            if entry.selectors.isEmpty {
                faults.append(.init("\(field).selectors", "is empty: write at least one vendor and product"))
            }
            for (place, selector) in entry.selectors.enumerated() {
                for (name, value) in [("vendor", selector.vendor), ("product", selector.product)]
                where USBDeviceSelector.ids([value[...], "0000"]) == nil {
                    faults.append(
                        .init(
                            "\(field).selectors[\(place)].\(name)",
                            "\(Self.quoted(value)) is not an id: write the four digits that lsusb shows, as 46f4"))
                }
            }
            return faults
        }
    }

    /// Kubernetes' extended resources: `DOMAIN/NAME`.
    private static func resourceFaults(_ field: String, _ name: String) -> [PermittedDevicesFault] {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let fits =
            parts.count == 2 && name.utf8.count <= 253
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                        default: false
                        }
                    }
            }
        return fits
            ? [] : [.init("\(field).resourceName", "\(quoted(name)) is not DOMAIN/NAME: write it as nvidia.com/H100")]
    }

    private static func quoted(_ text: String) -> String { "\"\(text.prefix(60))\"" }
}
