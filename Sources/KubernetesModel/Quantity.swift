/// An exact Kubernetes quantity, such as `1.5Gi`, `100m` or `1e3`. No floating point takes part.
package struct Quantity: Sendable, Equatable, FieldValue {
    /// The text as it was written: a quantity goes back as it came.
    package let text: String
    /// The value in thousandths, rounded away from zero as Kubernetes does.
    package let thousandths: Int128
    /// Whether it stood as a number in its document, rather than as a string.
    private var isNumber = false

    /// The value in thousandths, or the nearest one that fits where it is beyond 2^63.
    package var milli: Int64 { Int64(clamping: thousandths) }
    /// Bytes, or whole units, rounded up.
    package var roundedUp: Int64 { Int64(clamping: thousandths / 1000 + (thousandths % 1000 > 0 ? 1 : 0)) }
    /// Bytes, or whole units, rounded down.
    package var roundedDown: Int64 { Int64(clamping: thousandths / 1000 - (thousandths % 1000 < 0 ? 1 : 0)) }

    package static var schema: FieldSchema { .quantity }

    package init(bytes: Int64) {
        let units: [(String, Int64)] = [("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)]
        let unit = bytes == 0 ? nil : units.first { bytes % $0.1 == 0 }
        text = unit.map { "\(bytes / $0.1)\($0.0)" } ?? "\(bytes)"
        thousandths = Int128(bytes) * 1000
        isNumber = unit == nil
    }

    package static func == (left: Quantity, right: Quantity) -> Bool {
        left.text == right.text && left.thousandths == right.thousandths
    }

    /// Reads a quantity; nil where the text is none, or holds more whole units than an `Int64`.
    package init?(_ text: String) {
        guard case .value(let thousandths) = QuantityParser.parse(text) else { return nil }
        self.text = text
        self.thousandths = thousandths
    }

    package static func decode(_ node: DocumentNode, _ context: inout DecodingContext) -> Quantity? {
        let text: String
        var isNumber = false
        switch node.value {
        case .string(let string): text = string
        case .number(let number): (text, isNumber) = (number, true)
        case .null, .bool, .array, .object: text = ""
        }
        if var quantity = Quantity(text) {
            quantity.isNumber = isNumber
            return quantity
        }
        if case .tooLarge = QuantityParser.parse(text) {
            let message = "\(node.excerpt ?? "") is too large: an amount is less than 8Ei"
            context.report(.error, message, at: node.position)
        } else {
            context.expected("a quantity such as 512Mi, 2Gi or 500m", at: node)
        }
        return nil
    }

    package func encode() -> DocumentNode { isNumber ? DocumentNode(.number(text)) : .string(text) }
}
