/// Texts that a part cannot be without, and amounts with a unit.
extension XMLVisitor {
    /// A text that the part cannot be without.
    mutating func requiredText<Value: XMLValue>(_ value: inout Value) {
        var optional: Value? = value
        text(&optional)
        guard isReading else { return }
        if let optional { value = optional } else { fail("text") }
    }

    /// An attribute that keeps its text in the rest where it cannot be read, and the property its default.
    mutating func attribute<Value: XMLValue>(_ name: StaticString, orKept value: inout Value) {
        var optional: Value? = isReading || peek(name) == nil ? value : nil
        attribute(name, &optional)
        if isReading, let optional { value = optional }
    }

    /// An amount of memory as text, with its unit: written in bytes, read in any unit that libvirt knows.
    mutating func bytes(_ value: inout Int64?) {
        guard isReading else { return writeAmount(value, in: .byte) }
        value = Self.bytes(peekText(), unit: peek("unit"))
        if value != nil { takeAmount() }
    }

    /// As `bytes`, for an amount that the part cannot be without.
    mutating func requiredBytes(_ value: inout Int64) {
        var optional: Int64? = value
        bytes(&optional)
        guard isReading else { return }
        if let optional { value = optional } else { fail("text") }
    }

    /// As `bytes`, written in KiB where that is exact.
    mutating func kibibytes(_ value: inout Int64?) {
        guard isReading else { return writeAmount(value, in: (value ?? 0) % 1024 == 0 ? .kibibyte : .byte) }
        bytes(&value)
    }

    private mutating func writeAmount(_ value: Int64?, in unit: MemoryUnit) {
        guard let value else { return }
        var word: MemoryUnit? = unit
        var count: Int64? = value / Int64(unit.bytes)
        attribute("unit", &word)
        text(&count)
    }

    private mutating func takeAmount() {
        var (unit, count): (String?, String?)
        attribute("unit", &unit)
        text(&count)
    }

    /// An amount of memory in an attribute, whose unit is another attribute.
    mutating func requiredBytes(_ name: StaticString, _ value: inout Int64) {
        guard isReading else {
            var unit: MemoryUnit? = .byte
            attribute(name, &value)
            return attribute("unit", &unit)
        }
        guard let read = peek(name).flatMap({ Self.bytes($0, unit: peek("unit")) }) else { return fail(name) }
        value = read
        var (unit, count): (String?, String?)
        attribute(name, &count)
        attribute("unit", &unit)
    }

    /// Nil where that is no amount, or more than 2^63 - 1 bytes.
    private static func bytes(_ text: String, unit: String?) -> Int64? {
        guard let count = UInt64(xml: text), let unit = MemoryUnit(xml: unit ?? "KiB") else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : Int64(exactly: bytes)
    }
}
