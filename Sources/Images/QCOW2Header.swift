/// The header of a qcow2 file, read and judged in Swift before any program opens the file.
///
/// Source: QEMU's docs/interop/qcow2.txt. Everything that could make QEMU open a second file, and everything this
/// code does not understand, is refused: a guest's image comes from people who must not read the node's files.
struct QCOW2Header: Hashable, Sendable {
    let version: UInt32
    let clusterBits: UInt32
    /// Bytes the guest sees: QEMU shows whole sectors, and no rest.
    private(set) var virtualSize: UInt64
    let snapshots: UInt32
    let incompatibleFeatures: UInt64

    /// `QFI\u{fb}`, which version 1, a format of its own, shares.
    static let magic: [UInt8] = [0x51, 0x46, 0x49, 0xfb]

    /// Bits 0 (dirty), 3 (compression type) and 4 (extended L2 entries). Bit 1 marks damage, bit 2 external data.
    private static let knownFeatures: UInt64 = 0b1_1001

    /// Reads the header out of the first bytes of a file; `fileSize` bounds its tables.
    ///
    /// `start` must hold the first cluster as far as the file has one (at most 2 MiB), since extensions lie there.
    init(_ start: [UInt8], fileSize: UInt64) throws(QCOW2Fault) {
        let fields = BigEndianFields(start)
        guard start.starts(with: Self.magic), let version = fields.word(4) else { throw .truncated }
        guard version == 2 || version == 3 else { throw .version(version) }
        guard start.count >= (version == 2 ? 72 : 104), let clusterBits = fields.word(20),
            let virtualSize = fields.long(24), let crypt = fields.word(32), let snapshots = fields.word(60)
        else { throw .truncated }
        guard (9...21).contains(clusterBits) else { throw .clusterBits(clusterBits) }
        self.version = version
        self.clusterBits = clusterBits
        self.virtualSize = virtualSize
        self.snapshots = snapshots
        incompatibleFeatures = version == 3 ? fields.long(72) ?? 0 : 0
        if let name = Self.backingFile(fields, start) { throw .backingFile(name) }
        try Self.checkFeatures(incompatibleFeatures)
        guard crypt == 0 else { throw .encrypted }
        if incompatibleFeatures & 8 != 0, let type = fields.byte(104), type > 1 { throw .unknownFeatures([3]) }
        try Self.checkExtensions(fields, version: version, clusterSize: 1 << Int(clusterBits))
        try checkTables(fields, fileSize: fileSize)
        self.virtualSize = virtualSize / Self.sector * Self.sector
    }

    private static let sector: UInt64 = 512

    /// The backing file's name, cleaned for a message; nil where the header has none.
    private static func backingFile(_ fields: BigEndianFields, _ start: [UInt8]) -> String? {
        guard let offset = fields.long(8), let length = fields.word(16), offset != 0 || length != 0 else { return nil }
        guard offset < UInt64(start.count) else { return "?" }
        let name = start[Int(offset)...].prefix(Int(min(length, 1023)))
        return String(decoding: name, as: UTF8.self).filter { !$0.isNewline && $0 != "\0" }
    }

    private static func checkFeatures(_ features: UInt64) throws(QCOW2Fault) {
        if features & 0b100 != 0 { throw .externalData }
        if features & 0b010 != 0 { throw .corrupt }
        let unknown = features & ~knownFeatures
        guard unknown == 0 else { throw .unknownFeatures((0..<64).filter { unknown >> UInt64($0) & 1 == 1 }) }
    }

    /// Walks the extensions between the header and the end of the first cluster.
    private static func checkExtensions(
        _ fields: BigEndianFields, version: UInt32, clusterSize: Int
    ) throws(QCOW2Fault) {
        let headerLength = version == 2 ? 72 : Int(fields.word(100) ?? 0)
        guard headerLength >= (version == 2 ? 72 : 104), headerLength <= clusterSize, headerLength % 8 == 0 else {
            throw .extensions
        }
        var offset = headerLength
        // A file may end, or the cluster be filled, before an end mark.
        while offset + 8 <= clusterSize, let type = fields.word(offset), let length = fields.word(offset + 4) {
            switch type {
            case 0: return
            case 0x4441_5441: throw .externalData
            case 0x0537_be77: throw .encrypted
            default: break
            }
            guard Int(length) <= clusterSize - offset - 8 else { throw .extensions }
            offset += 8 + (Int(length) + 7) / 8 * 8
        }
    }

    /// The tables must lie in the file and the first one must be able to map the whole disk.
    private func checkTables(_ fields: BigEndianFields, fileSize: UInt64) throws(QCOW2Fault) {
        guard virtualSize >= Self.sector else { throw .emptyDisk }
        let entryBits: UInt64 = incompatibleFeatures & 16 != 0 ? 4 : 3
        let coverage = UInt64(clusterBits) * 2 - entryBits
        let entries = UInt64(fields.word(36) ?? 0)
        let needed = (virtualSize - 1) >> coverage + 1
        // 32 MiB of first-level table is QEMU's own bound.
        guard virtualSize <= UInt64(Int64.max), entries >= needed, entries <= 4 << 20 else {
            throw .virtualSize(virtualSize)
        }
        try check("first-level table", at: fields.long(40), bytes: entries * 8, fileSize: fileSize)
        let refcountClusters = UInt64(fields.word(56) ?? 0)
        guard refcountClusters > 0 else { throw .table("refcount table") }
        try check("refcount table", at: fields.long(48), bytes: 8, fileSize: fileSize)
        if snapshots > 0 {
            try check("snapshot table", at: fields.long(64), bytes: UInt64(snapshots) * 40, fileSize: fileSize)
        }
    }

    private func check(_ name: String, at offset: UInt64?, bytes: UInt64, fileSize: UInt64) throws(QCOW2Fault) {
        guard let offset, offset > 0, offset & ((1 << UInt64(clusterBits)) - 1) == 0, offset < fileSize,
            bytes <= fileSize - offset
        else { throw .table(name) }
    }
}

/// Big-endian numbers at offsets; nil beyond the end.
private struct BigEndianFields {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func word(_ offset: Int) -> UInt32? {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    func long(_ offset: Int) -> UInt64? {
        guard let high = word(offset), let low = word(offset + 4) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }
}
