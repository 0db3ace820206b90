import TestSupport
import Testing

@testable import Images

@Suite struct QCOW2HeaderTests {
    private func fault(_ file: QCOW2File) -> QCOW2Fault? {
        do throws(QCOW2Fault) {
            _ = try QCOW2Header(file.bytes, fileSize: UInt64(file.bytes.count))
            return nil
        } catch {
            return error
        }
    }

    @Test("a plain header of version 2 or 3 is read", arguments: [UInt32(2), 3])
    func plain(version: UInt32) throws {
        let file = QCOW2File(version: version, virtualSize: 5 << 20)
        let header = try QCOW2Header(file.bytes, fileSize: UInt64(file.bytes.count))
        #expect(header.virtualSize == 5 << 20)
        #expect(header.version == version)
        #expect(header.clusterBits == 16)
    }

    @Test("a backing file is refused with its name, in both versions", arguments: [UInt32(2), 3])
    func backing(version: UInt32) {
        #expect(fault(QCOW2File(version: version).backed(by: "/etc/shadow")) == .backingFile("/etc/shadow"))
    }

    @Test("a backing file whose name lies beyond the first bytes, or has no length, is refused too")
    func hiddenBacking() {
        #expect(fault(QCOW2File().with { $0.set(8, long: 1 << 40) }) == .backingFile("?"))
        #expect(fault(QCOW2File().with { $0.set(16, word: 5) }) != nil)
    }

    @Test("an external data file is refused by its bit and by its header extension")
    func externalData() {
        #expect(fault(QCOW2File().with { $0.set(72, long: 0b100) }) == .externalData)
        let named = QCOW2File().with { file in
            file.set(104, word: 0x4441_5441)
            file.set(108, word: 8)
        }
        #expect(fault(named) == .externalData)
    }

    @Test("an extension behind others is seen")
    func laterExtension() {
        let file = QCOW2File().with { file in
            file.set(104, word: 0x6803_f857)
            file.set(108, word: 13)
            file.set(104 + 8 + 16, word: 0x4441_5441)
        }
        #expect(fault(file) == .externalData)
    }

    @Test("an extension that is longer than its cluster is refused")
    func longExtension() {
        let file = QCOW2File().with { file in
            file.set(104, word: 0x1234)
            file.set(108, word: .max)
        }
        #expect(fault(file) == .extensions)
    }

    @Test("features that nobody knows are refused by number, those known are not")
    func features() {
        #expect(fault(QCOW2File().with { $0.set(72, long: 1 << 40 | 1 << 5) }) == .unknownFeatures([5, 40]))
        #expect(fault(QCOW2File().with { $0.set(72, long: 0b01001) }) == nil)
        #expect(fault(QCOW2File().with { $0.set(72, long: 0b10) }) == .corrupt)
    }

    @Test("encryption is refused, by method and by LUKS header", arguments: [UInt32(1), 2])
    func encrypted(method: UInt32) {
        #expect(fault(QCOW2File().with { $0.set(32, word: method) }) == .encrypted)
        #expect(fault(QCOW2File().with { $0.set(104, word: 0x0537_be77) }) == .encrypted)
    }

    @Test("internal snapshots are no fault")
    func snapshots() {
        let file = QCOW2File().with { file in
            file.set(60, word: 2)
            file.set(64, long: 2 * 65536)
        }
        #expect(fault(file) == nil)
    }

    @Test(
        "a disk that its first-level table cannot map is refused, as is an empty one",
        arguments: [
            UInt64(1) << 40, .max, UInt64(1) << 63,
        ])
    func absurdSize(size: UInt64) {
        #expect(fault(QCOW2File(virtualSize: size)) == .virtualSize(size))
        #expect(fault(QCOW2File(virtualSize: 0)) == .emptyDisk)
        #expect(fault(QCOW2File(virtualSize: 511)) == .emptyDisk)
    }

    @Test("clusters of a size that QEMU does not know are refused", arguments: [UInt32(0), 8, 22, 64, .max])
    func clusters(bits: UInt32) {
        #expect(fault(QCOW2File().with { $0.set(20, word: bits) }) == .clusterBits(bits))
    }

    @Test("every prefix of a header is refused without a crash")
    func truncated() {
        let whole = QCOW2File().bytes
        for count in 0..<104 {
            #expect(throws: QCOW2Fault.self) { try QCOW2Header(Array(whole[..<count]), fileSize: UInt64(count)) }
        }
        #expect(throws: QCOW2Fault.table("first-level table")) {
            try QCOW2Header(Array(whole[..<65536]), fileSize: 65536)
        }
    }

    @Test("random damage to the header never crashes")
    func damaged() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var file = QCOW2File()
            for _ in 0..<4 {
                file.bytes[Int.random(in: 4..<128, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = fault(file)
        }
    }

    @Test("tables outside of the file are refused")
    func tables() {
        #expect(fault(QCOW2File().with { $0.set(40, long: 1 << 50) }) == .table("first-level table"))
        #expect(fault(QCOW2File().with { $0.set(40, long: 100) }) == .table("first-level table"))
        #expect(fault(QCOW2File().with { $0.set(48, long: 0) }) == .table("refcount table"))
        #expect(fault(QCOW2File().with { $0.set(56, word: 0) }) == .table("refcount table"))
    }
}
