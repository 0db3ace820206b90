extension YAMLKeyScanner {
    mutating func quoted() -> Bool {
        beginNode(isComplex: false)
        allowsKey = false
        let quote = byte()
        advance()
        while byte() != quote || (quote == UInt8(ascii: "'") && byte(1) == quote) {
            guard byte() != 0 else { return false }
            if byte() == quote || (byte() == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"")) { advance() }
            advance()
        }
        advance()
        return true
    }

    mutating func plain() {
        beginNode(isComplex: false)
        allowsKey = false
        let minimum = indent + 1
        var crossesLines = false
        while !isDocumentMarker, byte() != UInt8(ascii: "#") {
            while !isBlankOrEnd(0), !endsPlain { advance() }
            guard isBlank() || breakLength() > 0 else { break }
            while isBlank() || breakLength() > 0 {
                crossesLines = crossesLines || breakLength() > 0
                advance()
            }
            if !isFlow, column < minimum { break }
        }
        if crossesLines { allowsKey = true }
    }

    private var endsPlain: Bool {
        if byte() == UInt8(ascii: ":"), isBlankOrEnd(1) { return true }
        return isFlow && ",[]{}".utf8.contains(byte())
    }

    /// A literal or folded block: its text ends at the first line that is indented less.
    mutating func blockScalar() -> Bool {
        advance()
        var explicit = 0
        while "+-0123456789".utf8.contains(byte()) {
            if byte() >= 0x30, byte() <= 0x39 { explicit = Int(byte() - 0x30) }
            advance()
        }
        while isBlank() { advance() }
        if byte() == UInt8(ascii: "#") { skipLine() }
        guard byte() == 0 || breakLength() > 0 else { return false }
        if byte() != 0 { advance() }
        var width = explicit > 0 ? max(indent, 0) + explicit : 0
        skipIndentation(&width)
        while column == width, byte() != 0 {
            skipLine()
            if byte() != 0 { advance() }
            skipIndentation(&width)
        }
        allowsKey = true
        top.candidate = nil
        return true
    }

    /// Takes empty lines and the indentation of the next other one, which sets the width where there is none yet.
    private mutating func skipIndentation(_ width: inout Int) {
        var widest = 0
        while true {
            while width == 0 || column < width, byte() == 0x20 { advance() }
            widest = max(widest, column)
            guard breakLength() > 0 else { break }
            advance()
        }
        if width == 0 { width = max(widest, indent + 1, 1) }
    }
}
