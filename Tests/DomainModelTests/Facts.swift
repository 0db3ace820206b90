@testable import DomainModel

/// What a document says, piece by piece and whatever the order: which elements, attributes and texts stand where.
struct Facts: CustomStringConvertible {
    private var counts: [String: Int] = [:]

    init(_ xml: String) throws { self.init(try XMLReader.read(xml)) }

    init(_ root: XMLElement) { add(root, path: "") }

    /// The facts that are here and not there, each as often as it is missing.
    func missing(in other: Facts) -> [String] {
        counts.compactMap { fact, count in
            let lacking = count - other.counts[fact, default: 0]
            return lacking > 0 ? "\(lacking) × \(fact)" : nil
        }.sorted()
    }

    var description: String { counts.keys.sorted().joined(separator: "\n") }

    private mutating func add(_ element: XMLElement, path: String) {
        let path = path.isEmpty ? element.name : "\(path)/\(element.name)"
        var attributes = Array(element.attributes)
        var text = element.text.trimmingXMLSpace()
        Self.normalizeAmounts(&attributes, &text, element.name)
        for attribute in attributes {
            let value = Self.number(attribute.value)
            counts["\(path)@\(attribute.name)=\(value)", default: 0] += 1
        }
        if !text.isEmpty { counts["\(path)=\(Self.number(text))", default: 0] += 1 }
        counts[path, default: 0] += 1
        for child in element.children { add(child, path: path) }
    }

    /// Amounts of memory are the same in every unit.
    private static func normalizeAmounts(_ attributes: inout [XMLAttribute], _ text: inout String, _ name: String) {
        let place = ["page": "size", "cell": "memory"][name]
        guard place != nil || ["memory", "maxMemory", "currentMemory", "pcihole64"].contains(name) else { return }
        let unit = attributes.first { $0.name == "unit" }.map { MemoryUnit(xml: $0.value) } ?? .kibibyte
        let index = attributes.firstIndex { $0.name == place }
        guard let unit, let count = Int(xml: index.map { attributes[$0].value } ?? text) else { return }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: Int(unit.bytes))
        guard !overflow else { return }
        if let index { attributes[index].value = "\(bytes) bytes" } else { text = "\(bytes) bytes" }
        attributes.removeAll { $0.name == "unit" }
    }

    /// A number is the same with leading zeros, with white space around it and as a hexadecimal one.
    private static func number(_ text: String) -> String {
        let trimmed = text.trimmingXMLSpace()
        let digits = trimmed.hasPrefix("0x") ? trimmed.dropFirst(2) : Substring(trimmed)
        return Int64(digits, radix: trimmed.hasPrefix("0x") ? 16 : 10).map { String($0) } ?? text
    }
}
