/// Finds what a decoder refused without saying where: on Linux it names neither the place of a syntax error nor the
/// field of a number that does not fit. Only runs once a document was refused.
struct JSONFaultFinder {
    /// As deep as the decoder goes.
    private static let maximumDepth = 512
    private static let maximumFaults = 8

    private let bytes: [UInt8]
    private var index = 0
    private var numbers: [HostFault] = []

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The first syntax error, or else the numbers that are no whole numbers from 0 to 2^63; empty where the document
    /// has neither.
    static func faults(in bytes: [UInt8]) -> [HostFault] {
        var finder = JSONFaultFinder(bytes)
        do throws(HostFault) {
            try finder.value("", depth: 0)
            finder.skipBlanks()
            if finder.index < bytes.count { throw finder.syntax("nothing may follow the document") }
            return finder.numbers
        } catch {
            return [error]
        }
    }

    private mutating func value(_ path: String, depth: Int) throws(HostFault) {
        skipBlanks()
        guard depth < Self.maximumDepth else { throw syntax("values are nested too deeply") }
        switch byte {
        case UInt8(ascii: "{"): try members(path, depth: depth)
        case UInt8(ascii: "["): try elements(path, depth: depth)
        case UInt8(ascii: "\""): _ = try string()
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): number(path)
        default:
            guard let word = ["true", "false", "null"].first(where: { bytes[index...].starts(with: $0.utf8) }) else {
                throw syntax("a value is missing")
            }
            index += word.utf8.count
        }
    }

    private mutating func members(_ path: String, depth: Int) throws(HostFault) {
        try list(from: "{", to: "}") { finder throws(HostFault) in
            guard finder.byte == UInt8(ascii: "\"") else { throw finder.syntax("a name in quotes is missing") }
            let name = try finder.string()
            finder.skipBlanks()
            guard finder.take(":") else { throw finder.syntax("a colon is missing after \"\(name.prefix(40))\"") }
            try finder.value(path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
        }
    }

    private mutating func elements(_ path: String, depth: Int) throws(HostFault) {
        var count = 0
        try list(from: "[", to: "]") { finder throws(HostFault) in
            try finder.value("\(path)[\(count)]", depth: depth + 1)
            count += 1
        }
    }

    private mutating func list(
        from open: Unicode.Scalar, to close: Unicode.Scalar,
        _ element: (inout JSONFaultFinder) throws(HostFault) -> Void
    ) throws(HostFault) {
        _ = take(open)
        skipBlanks()
        if take(close) { return }
        while true {
            skipBlanks()
            try element(&self)
            skipBlanks()
            if take(close) { return }
            guard take(",") else { throw syntax("a comma or \(close) is missing") }
        }
    }

    private mutating func string() throws(HostFault) -> String {
        let start = index
        index += 1
        while let byte, byte != UInt8(ascii: "\"") {
            if byte < 0x20 { throw syntax("a text is not closed by \"") }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard take("\"") else { throw syntax("a text is not closed by \"") }
        return String(decoding: bytes[(start + 1)..<(index - 1)], as: UTF8.self)
    }

    private mutating func number(_ path: String) {
        let start = index
        while let byte, "+-.eE0123456789".utf8.contains(byte) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if Int64(text).map({ $0 < 0 }) ?? true, numbers.count < Self.maximumFaults {
            numbers.append(HostFault(path, "\(text.prefix(40)) is not a whole number from 0 to \(Int64.max)"))
        }
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
    }

    private func syntax(_ message: String) -> HostFault {
        let head = bytes.prefix(index)
        let line = head.count { $0 == 0x0A } + 1
        let column = index - (head.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return HostFault("", "line \(line), column \(column): \(message)")
    }
}
