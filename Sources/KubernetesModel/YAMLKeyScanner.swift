/// Finds keys of YAML objects that are aliases or collections, without building anything.
///
/// It follows libyaml's scanner as far as that decides what is a key: indentation, flow brackets, quotes, comments and
/// block scalars. Where the text is not YAML it stops; libyaml then stops there too.
struct YAMLKeyScanner {
    /// An open flow bracket, or the block context below all of them.
    struct Level {
        var isMapping = false
        /// Whether the next node of a flow mapping is a key.
        var expectsKey = false
        /// Where the node began that becomes a key if a colon follows on the same line.
        var candidate: (column: Int, line: Int, isComplex: Bool, position: SourcePosition)?
    }

    let bytes: [UInt8]
    var index = 0
    var line = 1
    var column = 0
    var levels = [Level()]
    /// The columns of the open block collections.
    var indents: [Int] = []
    /// Whether a key may begin here, as libyaml has it.
    var allowsKey = true
    var complexKey: SourcePosition?
    var hasAlias = false

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The first key that is no scalar, in a text whose aliases can make it larger than it looks.
    static func keyThatMayExplode(in text: String) -> SourcePosition? {
        guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else { return nil }
        var scanner = YAMLKeyScanner(text)
        while scanner.scanToken() {}
        return scanner.hasAlias ? scanner.complexKey : nil
    }

    var isFlow: Bool { levels.count > 1 }
    var indent: Int { indents.last ?? -1 }
    var position: SourcePosition { SourcePosition(line: line, column: column + 1) }
    var top: Level {
        get { levels[levels.count - 1] }
        set { levels[levels.count - 1] = newValue }
    }

    func byte(_ offset: Int = 0) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
    func isBlank(_ offset: Int = 0) -> Bool { byte(offset) == 0x20 || byte(offset) == 0x09 }
    func isBlankOrEnd(_ offset: Int) -> Bool { isBlank(offset) || breakLength(offset) > 0 || byte(offset) == 0 }

    /// Bytes of the line break here: CR, LF, both, NEL, LS or PS; 0 where there is none.
    func breakLength(_ offset: Int = 0) -> Int {
        switch byte(offset) {
        case 0x0D: byte(offset + 1) == 0x0A ? 2 : 1
        case 0x0A: 1
        case 0xC2 where byte(offset + 1) == 0x85: 2
        case 0xE2 where byte(offset + 1) == 0x80 && (byte(offset + 2) | 1) == 0xA9: 3
        default: 0
        }
    }

    /// Takes one character, or one line break.
    mutating func advance() {
        let length = breakLength()
        if length > 0 {
            index += length
            (line, column) = (line + 1, 0)
            return
        }
        index += 1
        while byte() & 0xC0 == 0x80 { index += 1 }
        column += 1
    }

    mutating func skipLine() { while byte() != 0, breakLength() == 0 { advance() } }

    /// Takes blanks, comments and line breaks.
    private mutating func skipToToken() {
        while byte() != 0 {
            if isBlank() || (column == 0 && byte() == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) {
                advance()
            } else if byte() == UInt8(ascii: "#") {
                skipLine()
            } else if breakLength() > 0 {
                advance()
                if !isFlow { allowsKey = true }
            } else {
                return
            }
        }
    }

    var isDocumentMarker: Bool {
        column == 0 && (byte() == 0x2D || byte() == 0x2E) && byte(1) == byte() && byte(2) == byte() && isBlankOrEnd(3)
    }

    private mutating func openBlock(at column: Int) {
        if !isFlow, indent < column { indents.append(column) }
    }

    /// Takes one token; false at the end of the text, or of what is YAML.
    private mutating func scanToken() -> Bool {
        skipToToken()
        guard byte() != 0 else { return false }
        if !isFlow { while indent > column { indents.removeLast() } }
        if isDocumentMarker || (column == 0 && byte() == UInt8(ascii: "%")) {
            guard !isFlow else { return false }
            levels = [Level()]
            indents = []
            allowsKey = false
            if byte() == UInt8(ascii: "%") { skipLine() } else { (0..<3).forEach { _ in advance() } }
            return true
        }
        switch byte() {
        case UInt8(ascii: "["), UInt8(ascii: "{"): openFlow()
        case UInt8(ascii: "]"), UInt8(ascii: "}"): return closeFlow()
        case UInt8(ascii: ","): nextEntry()
        case UInt8(ascii: "-") where isBlankOrEnd(1): blockEntry()
        case UInt8(ascii: "?") where isFlow || isBlankOrEnd(1): explicitKey()
        case UInt8(ascii: ":") where isFlow || isBlankOrEnd(1): return value()
        case UInt8(ascii: "*"): alias()
        case UInt8(ascii: "&"), UInt8(ascii: "!"): property()
        case UInt8(ascii: "|") where !isFlow, UInt8(ascii: ">") where !isFlow: return blockScalar()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return quoted()
        case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: ">"):
            return false
        default: plain()
        }
        return true
    }
}

extension YAMLKeyScanner {
    /// Notes that a node begins, which may turn out to be a key.
    mutating func beginNode(isComplex: Bool) {
        if isComplex, top.isMapping, top.expectsKey { note(position) }
        if allowsKey {
            top.candidate = (column, line, isComplex, position)
        } else if isComplex, top.candidate?.line == line {
            // An anchor or a tag began this node.
            top.candidate?.isComplex = true
        }
    }

    private mutating func note(_ position: SourcePosition) { complexKey = complexKey ?? position }

    private mutating func openFlow() {
        beginNode(isComplex: true)
        let isMapping = byte() == UInt8(ascii: "{")
        levels.append(Level(isMapping: isMapping, expectsKey: isMapping))
        advance()
        allowsKey = true
    }

    private mutating func closeFlow() -> Bool {
        guard isFlow else { return false }
        levels.removeLast()
        advance()
        allowsKey = false
        return true
    }

    private mutating func nextEntry() {
        top.candidate = nil
        top.expectsKey = top.isMapping
        advance()
        allowsKey = true
    }

    private mutating func blockEntry() {
        openBlock(at: column)
        top.candidate = nil
        advance()
        allowsKey = true
    }

    private mutating func explicitKey() {
        note(position)
        openBlock(at: column)
        top.candidate = nil
        advance()
        allowsKey = !isFlow
    }

    private mutating func value() -> Bool {
        if let key = top.candidate, key.line == line {
            if key.isComplex { note(key.position) }
            openBlock(at: key.column)
            allowsKey = false
        } else {
            guard isFlow || allowsKey else { return false }
            openBlock(at: column)
            allowsKey = !isFlow
        }
        top.candidate = nil
        top.expectsKey = false
        advance()
        return true
    }

    private mutating func alias() {
        hasAlias = true
        beginNode(isComplex: true)
        allowsKey = false
        advance()
        skipName()
    }

    /// An anchor or a tag, which belongs to the node behind it.
    private mutating func property() {
        beginNode(isComplex: false)
        allowsKey = false
        advance()
        if bytes[index - 1] == UInt8(ascii: "&") { return skipName() }
        while byte() != 0, !isBlankOrEnd(0), !(isFlow && byte() == UInt8(ascii: ",")) { advance() }
    }

    private mutating func skipName() {
        while true {
            switch byte() {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): advance()
            default: return
            }
        }
    }
}
