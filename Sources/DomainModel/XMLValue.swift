/// What fits into one attribute or one text: a string, a number, a word.
package protocol XMLValue: Sendable, Equatable {
    /// Nil where the text is no such value; it then survives as it is.
    init?(xml text: String)
    func write(to output: inout XMLOutput)
}

extension String: XMLValue {
    package init?(xml text: String) { self = text }

    package func write(to output: inout XMLOutput) { output.escape(self) }
}

/// A word of libvirt's, out of a closed list.
package protocol XMLWord: XMLValue, RawRepresentable where RawValue == String {}

extension XMLWord {
    package init?(xml text: String) { self.init(rawValue: text) }

    package func write(to output: inout XMLOutput) { output.append(word: rawValue) }
}

extension FixedWidthInteger where Self: XMLValue {
    package init?(xml text: String) {
        if let number = Self(text) {
            self = number
        } else if text.utf8.contains(where: \.isXMLSpace), let number = Self(text.trimmingXMLSpace()) {
            self = number
        } else {
            return nil
        }
    }

    package func write(to output: inout XMLOutput) { output.append(self) }
}

extension Int: XMLValue {}
extension Int64: XMLValue {}
extension UInt32: XMLValue {}
extension UInt64: XMLValue {}

/// `yes` or `no`.
enum YesNo: String, XMLWord {
    case yes, no

    init(_ value: Bool) { self = value ? .yes : .no }

    func write(to output: inout XMLOutput) { if self == .yes { output.append("yes") } else { output.append("no") } }
}

/// `on` or `off`.
enum OnOff: String, XMLWord {
    case on, off

    init(_ value: Bool) { self = value ? .on : .off }

    func write(to output: inout XMLOutput) { if self == .on { output.append("on") } else { output.append("off") } }
}

/// A text that is not empty: for properties whose empty string means that nothing is there.
struct NonEmpty: XMLValue {
    var text: String

    init?(xml text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
    }

    func write(to output: inout XMLOutput) { output.escape(text) }
}

/// A word of our own, known when the program was built.
struct FixedWord: XMLValue {
    private let text: StaticString

    init(_ text: StaticString) { self.text = text }

    /// Never: such words are compared, not read.
    init?(xml text: String) { return nil }

    @inline(__always)
    func write(to output: inout XMLOutput) { output.append(text) }

    static func == (left: FixedWord, right: FixedWord) -> Bool { left.text.description == right.text.description }
}
