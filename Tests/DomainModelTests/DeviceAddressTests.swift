import Testing

@testable import DomainModel

@Suite struct DeviceAddressTests {
    @Test(
        "a PCI address is read",
        arguments: [
            ("0000:81:01.0", 0, 0x81, 1, 0), ("0000:00:1f.7", 0, 0, 31, 7), ("ABCD:ff:00.0", 0xABCD, 0xFF, 0, 0),
        ] as [(String, UInt32, UInt32, UInt32, UInt32)])
    func reads(text: String, domain: UInt32, bus: UInt32, slot: UInt32, function: UInt32) {
        #expect(DeviceAddress.pci(text) == .pci(domain: domain, bus: bus, slot: slot, function: function))
    }

    @Test(
        "what is no PCI address is refused",
        arguments: [
            "", "81:01.0", "0000:81:20.0", "0000:81:01.8", "0000:81:01", "0000:81:01.0\n", "00000:81:01.0",
            "+000:81:01.0", "0000:gg:01.0", "0000:81:01.0 ",
        ])
    func refused(text: String) { #expect(DeviceAddress.pci(text) == nil) }
}
