import TestSupport

/// Changes tar files at random: fields of their headers, whose sums are set right again so that somebody reads on, and
/// bytes anywhere.
struct TarMutator {
    private var bytes: ByteMutator
    private let donors: [[UInt8]]

    /// Offset and width of each field of a header.
    private static let fields = [
        (0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (329, 8),
        (345, 155),
    ]
    private static let names = [
        "../../etc/passwd", "/etc/passwd", "disk/../../x", "disk/d.img", "./disk/./d.img", "disk", ".wh.disk",
        "disk/.wh..wh..opq", "disk/.wh.d.img", ".wh..", "disk/\u{301}", "", "/", ".", "..", "disk//d", "other/kernel",
        String(repeating: "a/", count: 49), "disk/a", "disk/b", "PaxHeader", "././@LongLink", "././@LongName",
    ]
    private static let types = Array("0123456789xgLKSVNDM\0A".utf8)
    private static let numbers = [
        "00000000000", "77777777777", "-0000000001", "00000000001", "00000001000", "99999999999", "           ",
        "\u{1}", "00000017777", "0x1",
    ]
    private static let records = [
        "size=1152921504606846976\n", "path=../../etc/passwd\n", "linkpath=/etc/shadow\n", "GNU.sparse.major=1\n",
        "GNU.sparse.minor=0\n", "GNU.sparse.realsize=1152921504606846976\n", "GNU.sparse.size=99999999\n",
        "GNU.sparse.map=0,9223372036854775807\n", "SCHILY.xattr.user.x=y\n", "path=disk/é\n", "hdrcharset=BINARY\n",
        "mtime=1e999\n", "uid=-1\n",
    ]

    init(seed: UInt64, donors: [[UInt8]]) {
        bytes = ByteMutator(seed: seed, donors: donors)
        self.donors = donors
    }

    mutating func next() -> [UInt8] {
        var tar = bytes.pick(donors)
        repeat {
            switch bytes.draw(10) {
            case 0: bytes.change(&tar)
            case 1: insert(&tar)
            default: header(&tar)
            }
        } while bytes.draw(3) > 0
        return tar
    }

    private mutating func header(_ tar: inout [UInt8]) {
        guard tar.count >= 512 else { return }
        let place = bytes.draw(tar.count / 512) * 512
        let (offset, width) = bytes.pick(Self.fields)
        var value: [UInt8]
        switch offset {
        case 0, 157, 345: value = Array(bytes.pick(Self.names).utf8)
        case 156: value = [bytes.pick(Self.types)]
        case 124 where bytes.draw(4) == 0:
            // The size in binary, as GNU writes large ones.
            value = [0x80, 0, 0, 0] + (0..<8).map { _ in UInt8(bytes.draw(256)) }
        default: value = Array(bytes.pick(Self.numbers).utf8)
        }
        value = Array(value.prefix(width)) + [UInt8](repeating: 0, count: max(0, width - value.count))
        tar.replaceSubrange(place + offset..<place + offset + width, with: value)
        Self.setSum(&tar, place)
    }

    /// A pax header in front of an entry.
    private mutating func insert(_ tar: inout [UInt8]) {
        var body: [UInt8] = []
        for _ in 0...bytes.draw(4) {
            let record = bytes.pick(Self.records)
            var length = record.utf8.count + 2
            while "\(length) ".utf8.count + record.utf8.count != length { length += 1 }
            if bytes.draw(8) == 0 { length = bytes.pick([0, 1, 99999, Int.max]) }
            body += Array("\(length) \(record)".utf8)
        }
        let pax = TarFile().file("pax", body).bytes
        var block = pax
        block[156] = bytes.pick([UInt8(ascii: "x"), UInt8(ascii: "g")])
        Self.setSum(&block, 0)
        tar.insert(contentsOf: block, at: bytes.draw(tar.count / 512 + 1) * 512)
    }

    private static func setSum(_ tar: inout [UInt8], _ place: Int) {
        tar.replaceSubrange(place + 148..<place + 156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = tar[place..<place + 512].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let text = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\0 "
        tar.replaceSubrange(place + 148..<place + 156, with: Array(text.utf8).prefix(8))
    }
}
