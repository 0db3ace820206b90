import TestSupport
import Testing

@testable import Images

@Suite struct DiskProbeTests {
    private func judge(_ bytes: [UInt8], _ limits: ImageLimits = ImageLimits()) throws(ImageError) -> DiskProbe.Finding
    {
        try DiskProbe.judge(
            start: bytes, end: bytes.suffix(512), size: Int64(bytes.count), path: "/disk/d", image: "i", limits: limits)
    }

    @Test("what is neither qcow2 nor another known format is raw, in whole sectors")
    func raw() throws {
        let finding = try judge(rawDisk(1000))
        #expect(finding == DiskProbe.Finding(format: .raw, virtualSize: 1024))
    }

    @Test(
        "other formats are refused by name",
        arguments: [
            ("vmdk", Array("KDMV".utf8), 0), ("vmdk", Array("# Disk DescriptorFile".utf8), 0),
            ("vhdx", Array("vhdxfile".utf8), 0),
            ("vhd", Array("conectix".utf8), 0), ("vhd", Array("conectix".utf8), 4096 - 512),
            ("vdi", [0x7f, 0x10, 0xda, 0xbe], 64),
            ("qed", [0x51, 0x45, 0x44, 0], 0), ("luks", [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe], 0),
            ("qcow", [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 1], 0), ("gzip", [0x1f, 0x8b, 0x08], 0),
            ("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 0),
        ])
    func others(format: String, magic: [UInt8], offset: Int) {
        var bytes = rawDisk(4096)
        bytes.replaceSubrange(offset..<offset + magic.count, with: magic)
        #expect(throws: ImageError.formatRefused(image: "i", path: "/disk/d", format: format)) { try judge(bytes) }
    }

    @Test("a virtual size beyond the limit is refused")
    func tooLarge() {
        var limits = ImageLimits()
        limits.virtualBytes = 1 << 20
        #expect(throws: ImageError.limitExceeded(image: "i", limit: .virtualBytes, found: 2 << 20, allowed: 1 << 20)) {
            try judge(QCOW2File(virtualSize: 2 << 20).bytes, limits)
        }
    }

    @Test("an empty file is no disk")
    func empty() { #expect(throws: ImageError.self) { try judge([]) } }
}
