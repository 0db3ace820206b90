/// A range of addresses that a PCI function decodes: one of its base address registers.
package struct PCIBAR: Sendable, Hashable, Codable {
    package enum Space: String, Sendable, Hashable, Codable {
        case memory
        case io
    }

    /// 0 to 5; one of 64 bits takes the next number too.
    package var index: Int
    /// As the processor sees it; 0 where the kernel has assigned none.
    @Hexadecimal package var address: UInt64
    /// Bytes.
    package var size: UInt64
    package var space: Space
    package var is64Bit: Bool
    package var isPrefetchable: Bool

    package init(
        index: Int, address: UInt64, size: UInt64, space: Space = .memory, is64Bit: Bool = false,
        isPrefetchable: Bool = false
    ) {
        self.index = index
        self.address = address
        self.size = size
        self.space = space
        self.is64Bit = is64Bit
        self.isPrefetchable = isPrefetchable
    }
}

extension PCIBAR {
    /// The first lines of a device's `resource`: start, end and flags of each BAR. The lines after the sixth are the
    /// ROM, the BARs of virtual functions and the windows of a bridge.
    static func read(_ lines: [Substring]) -> [PCIBAR] {
        lines.prefix(6).enumerated().compactMap { index, line in
            let words = line.split(separator: " ").map { $0.hasPrefix("0x") ? UInt64($0.dropFirst(2), radix: 16) : nil }
            guard words.count == 3, let start = words[0], let end = words[1], let flags = words[2], start <= end,
                flags & (Flag.io | Flag.memory) != 0
            else { return nil }
            let (size, overflow) = (end - start).addingReportingOverflow(1)
            guard !overflow else { return nil }
            return PCIBAR(
                index: index, address: flags & Flag.unset == 0 ? start : 0, size: size,
                space: flags & Flag.io != 0 ? .io : .memory, is64Bit: flags & Flag.is64Bit != 0,
                isPrefetchable: flags & Flag.prefetchable != 0)
        }
    }

    /// `IORESOURCE_…` of the kernel's `ioport.h`.
    private enum Flag {
        static let io: UInt64 = 0x100
        static let memory: UInt64 = 0x200
        static let prefetchable: UInt64 = 0x2000
        static let is64Bit: UInt64 = 0x10_0000
        static let unset: UInt64 = 0x2000_0000
    }
}
