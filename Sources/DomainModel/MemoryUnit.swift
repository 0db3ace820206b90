/// A unit of memory as libvirt spells them: `b`, `KiB` and so on; `KB` and so on are decimal.
enum MemoryUnit: XMLValue {
    case byte, kibibyte
    /// Another, by its size in bytes.
    case other(UInt64)

    var bytes: UInt64 {
        switch self {
        case .byte: 1
        case .kibibyte: 1024
        case .other(let bytes): bytes
        }
    }

    init?(xml text: String) {
        let word = text.lowercased()
        if ["b", "byte", "bytes"].contains(word) {
            self = .byte
            return
        }
        guard let letter = word.first, let power = "kmgtpe".firstIndex(of: letter) else { return nil }
        let exponent = "kmgtpe".distance(from: "kmgtpe".startIndex, to: power) + 1
        switch word.dropFirst() {
        case "", "ib": self = exponent == 1 ? .kibibyte : .other(Self.power(1024, exponent))
        case "b": self = .other(Self.power(1000, exponent))
        default: return nil
        }
    }

    func write(to output: inout XMLOutput) {
        switch self {
        case .byte: output.append("b")
        case .kibibyte: output.append("KiB")
        case .other(let bytes): output.append(bytes)
        }
    }

    private static func power(_ base: UInt64, _ exponent: Int) -> UInt64 {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
