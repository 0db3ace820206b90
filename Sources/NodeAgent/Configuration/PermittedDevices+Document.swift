internal import HostDevices
internal import KubernetesModel

/// `permittedHostDevices` as the configuration has it: KubeVirt's lists and names.
extension PermittedDevices {
    /// Nil where the node holds anything else.
    init?(_ node: DocumentNode) {
        self.init()
        guard node.isObject else { return nil }
        for member in node.members {
            guard member.value.isArray else { return nil }
            let entries = member.value.elements
            switch member.name {
            case "pciHostDevices": pciHostDevices = entries.compactMap(PermittedPCIDevice.init(document:))
            case "mediatedDevices": mediatedDevices = entries.compactMap(PermittedMediatedDevice.init(document:))
            case "usb": usb = entries.compactMap(PermittedUSBDevice.init(document:))
            default: return nil
            }
        }
        // An entry that cannot be read must not be passed over.
        let count = node.members.reduce(0) { $0 + $1.value.elements.count }
        guard pciHostDevices.count + mediatedDevices.count + usb.count == count else { return nil }
    }
}

extension PermittedPCIDevice {
    fileprivate init?(document: DocumentNode) {
        guard document.holdsOnly(["pciVendorSelector", "resourceName", "externalResourceProvider"]),
            let selector = document["pciVendorSelector"]?.text, let name = document["resourceName"]?.text
        else { return nil }
        self.init(
            pciVendorSelector: selector, resourceName: name,
            externalResourceProvider: document["externalResourceProvider"]?.isTrue ?? false)
    }
}

extension PermittedMediatedDevice {
    fileprivate init?(document: DocumentNode) {
        guard document.holdsOnly(["mdevNameSelector", "resourceName", "externalResourceProvider"]),
            let selector = document["mdevNameSelector"]?.text, let name = document["resourceName"]?.text
        else { return nil }
        self.init(
            mdevNameSelector: selector, resourceName: name,
            externalResourceProvider: document["externalResourceProvider"]?.isTrue ?? false)
    }
}

extension PermittedUSBDevice {
    fileprivate init?(document: DocumentNode) {
        guard document.holdsOnly(["resourceName", "selectors", "externalResourceProvider"]),
            let name = document["resourceName"]?.text, let selectors = document["selectors"], selectors.isArray
        else { return nil }
        let read = selectors.elements.compactMap { selector -> USBDeviceSelector? in
            guard selector.holdsOnly(["vendor", "product"]), let vendor = selector["vendor"]?.text,
                let product = selector["product"]?.text
            else { return nil }
            return USBDeviceSelector(vendor: vendor, product: product)
        }
        guard read.count == selectors.elements.count else { return nil }
        self.init(
            resourceName: name, selectors: read,
            externalResourceProvider: document["externalResourceProvider"]?.isTrue ?? false)
    }
}

extension DocumentNode {
    fileprivate func holdsOnly(_ names: Set<String>) -> Bool {
        isObject && members.allSatisfy { names.contains($0.name) }
    }
}
