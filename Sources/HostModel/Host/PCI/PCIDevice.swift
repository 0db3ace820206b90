/// One function on the PCI bus.
package struct PCIDevice: Sendable, Hashable, Codable {
    /// `0000:41:00.0`.
    package var address: String
    /// Class, subclass and programming interface: `0x030200` is a 3D controller.
    @Hexadecimal package var classCode: UInt32
    @Hexadecimal package var vendor: UInt16
    @Hexadecimal package var device: UInt16
    /// Who built the board; bridges have none.
    package var subsystem: PCISubsystem?
    @Hexadecimal package var revision: UInt8
    package var driver: String?
    /// `nil` where the firmware names none (sysfs says -1).
    package var numaNode: Int?
    /// `nil` without an IOMMU.
    package var iommuGroup: Int?
    /// Ascending by index, without those that the device does not have.
    package var bars: [PCIBAR]
    /// How the kernel would reset the function, the best first: `flr`, `bus` …; empty where it cannot, and on kernels
    /// before 5.15, which do not tell.
    package var resetMethods: [String]
    package var sriov: SRIOV?
    /// The address of the physical function that this virtual function belongs to.
    package var physicalFunction: String?
    /// The address of the bridge that it is behind; `nil` on a root bus and where unknown.
    package var parent: String?
    /// The host bridge that it hangs on, as sysfs names its folder: `pci0000:40`; `nil` where unknown.
    package var rootComplex: String?
    /// The types of mediated devices that its driver can make of it.
    package var mediatedTypes: [MediatedType]

    package init(
        address: String, classCode: UInt32, vendor: UInt16, device: UInt16, driver: String? = nil,
        numaNode: Int? = nil, iommuGroup: Int? = nil, subsystem: PCISubsystem? = nil, revision: UInt8 = 0,
        bars: [PCIBAR] = [], resetMethods: [String] = [], sriov: SRIOV? = nil, physicalFunction: String? = nil,
        parent: String? = nil, rootComplex: String? = nil, mediatedTypes: [MediatedType] = []
    ) {
        self.address = address
        self.classCode = classCode
        self.vendor = vendor
        self.device = device
        self.driver = driver
        self.numaNode = numaNode
        self.iommuGroup = iommuGroup
        self.subsystem = subsystem
        self.revision = revision
        self.bars = bars
        self.resetMethods = resetMethods
        self.sriov = sriov
        self.physicalFunction = physicalFunction
        self.parent = parent
        self.rootComplex = rootComplex
        self.mediatedTypes = mediatedTypes
    }

    /// `10DE:2331`, as KubeVirt's `pciVendorSelector` writes it.
    package var selector: String {
        [vendor, device].map { hexadecimal($0, digits: 4, uppercase: true) }.joined(separator: ":")
    }

    /// A GPU or another device made for computing: display controllers and processing accelerators.
    package var isAccelerator: Bool { classCode >> 16 == 0x03 || classCode >> 8 == 0x1200 }

    /// Bytes of all its BARs in memory.
    package var memorySize: UInt64 {
        bars.lazy.filter { $0.space == .memory }.reduce(0) { sum, bar in
            let (total, overflow) = sum.addingReportingOverflow(bar.size)
            return overflow ? .max : total
        }
    }
}

/// The ids of the board that a PCI function sits on.
package struct PCISubsystem: Sendable, Hashable, Codable {
    @Hexadecimal package var vendor: UInt16
    @Hexadecimal package var device: UInt16

    package init(vendor: UInt16, device: UInt16) {
        self.vendor = vendor
        self.device = device
    }
}

/// What a physical function says of its virtual functions.
package struct SRIOV: Sendable, Hashable, Codable {
    /// The most that it can have.
    package var totalVFs: Int
    /// That exist now.
    package var currentVFs: Int

    package init(totalVFs: Int, currentVFs: Int) {
        self.totalVFs = totalVFs
        self.currentVFs = currentVFs
    }
}
