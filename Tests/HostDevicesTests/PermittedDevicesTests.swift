import Testing

@testable import HostDevices

@Suite struct PermittedDevicesTests {
    @Test(
        "a selector is a vendor and a device, in either case",
        arguments: [
            ("10DE:2331", true), ("10de:2331", true), ("10DE:2330", false), ("10DE", false), ("10DE:2331:0", false),
            ("0x10DE:2331", false), ("10DE:02331", false), ("", false), ("１０DE:2331", false),
        ])
    func selector(text: String, selects: Bool) {
        let entry = PermittedPCIDevice(pciVendorSelector: text, resourceName: "nvidia.com/H100")
        #expect(entry.selects(vendor: 0x10DE, device: 0x2331) == selects)
    }

    @Test("what is right has no fault")
    func right() throws {
        try PermittedDevices(
            pciHostDevices: [
                PermittedPCIDevice(pciVendorSelector: "10de:2331", resourceName: "nvidia.com/H100"),
                PermittedPCIDevice(pciVendorSelector: "10DE:2331", resourceName: "example.com/any"),
            ],
            mediatedDevices: [
                PermittedMediatedDevice(mdevNameSelector: "GRID T4-1Q", resourceName: "nvidia.com/T4_1Q")
            ],
            usb: [
                PermittedUSBDevice(
                    resourceName: "kubevirt.io/key", selectors: [USBDeviceSelector(vendor: "46F4", product: "0001")])
            ]
        ).validate()
    }

    @Test("every fault is told, with its field and what to write")
    func faults() throws {
        let wrong = PermittedDevices(
            pciHostDevices: [
                PermittedPCIDevice(pciVendorSelector: "NVIDIA", resourceName: "nvidia.com/H100"),
                PermittedPCIDevice(pciVendorSelector: "10de:2331", resourceName: "H100"),
                PermittedPCIDevice(pciVendorSelector: "10DE:2331", resourceName: "H100"),
            ],
            mediatedDevices: [PermittedMediatedDevice(mdevNameSelector: " ", resourceName: "a/b/c")],
            usb: [
                PermittedUSBDevice(resourceName: "a/b", selectors: []),
                PermittedUSBDevice(
                    resourceName: "a/../c", selectors: [USBDeviceSelector(vendor: "46f4", product: "1")]),
            ])
        let error = #expect(throws: DeviceError.self) { try wrong.validate() }
        guard case .invalidConfiguration(let faults) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            faults.map(\.field)
                == [
                    "pciHostDevices[0].pciVendorSelector", "pciHostDevices[1].resourceName",
                    "pciHostDevices[2].resourceName", "pciHostDevices[2]", "mediatedDevices[0].resourceName",
                    "mediatedDevices[0].mdevNameSelector", "usb[0].selectors", "usb[1].resourceName",
                    "usb[1].selectors[0].product",
                ].map { "permittedHostDevices.\($0)" })
        #expect(
            faults[0].problem
                == "\"NVIDIA\" is not VENDOR:DEVICE: write the ids that lspci -nn shows, as 10DE:2331")
        #expect(faults[8].problem == "\"1\" is not an id: write the four digits that lsusb shows, as 46f4")
    }
}
