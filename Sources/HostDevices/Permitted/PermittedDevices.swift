/// Which devices of the host VMs may have, by KubeVirt's names (`permittedHostDevices`).
package struct PermittedDevices: Sendable, Hashable {
    package static let none = PermittedDevices()

    package var pciHostDevices: [PermittedPCIDevice]
    package var mediatedDevices: [PermittedMediatedDevice]
    package var usb: [PermittedUSBDevice]

    package init(
        pciHostDevices: [PermittedPCIDevice] = [], mediatedDevices: [PermittedMediatedDevice] = [],
        usb: [PermittedUSBDevice] = []
    ) {
        self.pciHostDevices = pciHostDevices
        self.mediatedDevices = mediatedDevices
        self.usb = usb
    }
}

package struct PermittedPCIDevice: Sendable, Hashable {
    /// `10DE:2331`: vendor and device id, in either case.
    package var pciVendorSelector: String
    /// `nvidia.com/H100`: what a VMI asks for.
    package var resourceName: String
    /// Somebody else gives these devices out: they are known, and never granted here.
    package var externalResourceProvider: Bool

    package init(pciVendorSelector: String, resourceName: String, externalResourceProvider: Bool = false) {
        self.pciVendorSelector = pciVendorSelector
        self.resourceName = resourceName
        self.externalResourceProvider = externalResourceProvider
    }

    func selects(vendor: UInt16, device: UInt16) -> Bool {
        USBDeviceSelector.ids(pciVendorSelector.split(separator: ":", omittingEmptySubsequences: false))
            == [vendor, device]
    }
}

package struct PermittedMediatedDevice: Sendable, Hashable {
    /// The name of a type, `GRID T4-1Q`; blanks may be written as `_`.
    package var mdevNameSelector: String
    package var resourceName: String
    package var externalResourceProvider: Bool

    package init(mdevNameSelector: String, resourceName: String, externalResourceProvider: Bool = false) {
        self.mdevNameSelector = mdevNameSelector
        self.resourceName = resourceName
        self.externalResourceProvider = externalResourceProvider
    }
}

package struct PermittedUSBDevice: Sendable, Hashable {
    package var resourceName: String
    /// A VM gets one device for each of these at a time, all of them or none.
    package var selectors: [USBDeviceSelector]
    package var externalResourceProvider: Bool

    package init(resourceName: String, selectors: [USBDeviceSelector], externalResourceProvider: Bool = false) {
        self.resourceName = resourceName
        self.selectors = selectors
        self.externalResourceProvider = externalResourceProvider
    }
}

package struct USBDeviceSelector: Sendable, Hashable {
    /// `46f4`.
    package var vendor: String
    /// `0001`.
    package var product: String

    package init(vendor: String, product: String) {
        self.vendor = vendor
        self.product = product
    }

    func selects(vendor: UInt16, product: UInt16) -> Bool {
        Self.ids([self.vendor[...], self.product[...]]) == [vendor, product]
    }

    /// Numbers of four hexadecimal digits; `nil` for every other text.
    static func ids(_ texts: [Substring]) -> [UInt16]? {
        let ids = texts.compactMap { text in
            text.utf8.count == 4 && text.allSatisfy(\.isHexDigit) ? UInt16(text, radix: 16) : nil
        }
        return ids.count == 2 && texts.count == 2 ? ids : nil
    }
}
