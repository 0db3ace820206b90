/// What a PCI class code says a function is.
enum PCIClass {
    /// In the words of the PCI Code and ID Assignment Specification; the code itself where it names nothing here.
    static func name(_ code: UInt32) -> String {
        names[code >> 8] ?? baseNames[code >> 16] ?? "class \(hexadecimal(code >> 8, digits: 4))"
    }

    static func isNetwork(_ code: UInt32) -> Bool { code >> 16 == 0x02 }
    static func isNVMe(_ code: UInt32) -> Bool { code >> 8 == 0x0108 }
    static func isBridge(_ code: UInt32) -> Bool { code >> 16 == 0x06 }

    /// By class and subclass.
    private static let names: [UInt32: String] = [
        0x0100: "SCSI controller", 0x0101: "IDE controller", 0x0104: "RAID controller", 0x0106: "SATA controller",
        0x0107: "SAS controller", 0x0108: "NVMe controller", 0x0200: "Ethernet controller",
        0x0207: "InfiniBand controller", 0x0300: "VGA controller", 0x0302: "3D controller", 0x0403: "audio device",
        0x0500: "RAM", 0x0502: "CXL memory", 0x0600: "host bridge", 0x0601: "ISA bridge", 0x0604: "PCI bridge",
        0x0700: "serial controller", 0x0806: "IOMMU", 0x0B40: "co-processor", 0x0C03: "USB controller",
        0x0C05: "SMBus", 0x1200: "processing accelerator",
    ]

    /// By class alone.
    private static let baseNames: [UInt32: String] = [
        0x00: "unclassified device", 0x01: "storage controller", 0x02: "network controller", 0x03: "display controller",
        0x04: "multimedia controller", 0x05: "memory controller", 0x06: "bridge", 0x07: "communication controller",
        0x08: "system peripheral", 0x09: "input controller", 0x0B: "processor", 0x0C: "serial bus controller",
        0x0D: "wireless controller", 0x10: "encryption controller", 0x11: "signal processor",
        0x12: "processing accelerator", 0x13: "instrumentation", 0xFF: "unassigned class",
    ]
}

extension PCIDevice {
    /// Whether it is what people pass through: accelerators, NICs, NVMe drives, virtual functions, parents of mediated
    /// devices, and whatever is bound to vfio-pci already.
    var isPassthroughCandidate: Bool {
        isAccelerator || PCIClass.isNetwork(classCode) || PCIClass.isNVMe(classCode) || physicalFunction != nil
            || sriov != nil || !mediatedTypes.isEmpty || driver == "vfio-pci"
    }
}
