/// The bytes of a document while it is written, in memory that its owner has reserved.
///
/// What does not fit is counted and not written: the owner then starts again with as much memory as was asked for.
/// Everything that comes from outside is escaped here and nowhere else.
package struct XMLOutput {
    private let base: UnsafeMutablePointer<UInt8>
    /// Where what is written must end: before the last bytes of the memory, which copies of whole words may touch.
    private let capacity: Int
    /// How many bytes were asked for; setting it back takes back what was written since.
    var position = 0
    /// Whether what is written stands in an attribute.
    var isQuoted = false

    /// Bytes of the memory that no document fills.
    static let slack = 16

    /// SAFETY: `base` must point to `count` bytes that outlive the value and that nobody else uses meanwhile. A write
    /// begins and ends below `capacity`; words of spaces reach at most `slack` bytes further.
    init(_ base: UnsafeMutablePointer<UInt8>, count: Int) {
        self.base = base
        capacity = count - Self.slack
    }

    /// Whether all of it was written.
    var fits: Bool { position <= capacity }

    @inline(__always)
    mutating func append(byte: UInt8) {
        if position < capacity { base[position] = byte }
        position &+= 1
    }

    /// Appends text of our own, as it is.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount) { $0.initialize(from: text.utf8Start, count: text.utf8CodeUnitCount) }
    }

    /// Appends a word of our own, or a name that the reader has taken.
    mutating func append(word: String) {
        let done: Void? = word.utf8.withContiguousStorageIfAvailable { bytes in
            guard let source = bytes.baseAddress else { return }
            reserve(bytes.count) { $0.initialize(from: source, count: bytes.count) }
        }
        if done == nil { for byte in word.utf8 { append(byte: byte) } }
    }

    /// Appends digits, without a string in between.
    mutating func append(_ number: some FixedWidthInteger) {
        if number >= 0, number < 10 { return append(byte: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number)) }
        if number < 0 { append(byte: UInt8(ascii: "-")) }
        var rest = UInt64(number.magnitude)
        var count = 1
        var power: UInt64 = 10
        while count < 20, rest >= power {
            count += 1
            power = count < 20 ? power &* 10 : power
        }
        reserve(count) { start in
            for index in stride(from: count - 1, through: 0, by: -1) {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
        }
    }

    /// Appends `count` bytes, which `fill` writes, if they fit.
    ///
    /// SAFETY: `fill` gets memory for `count` bytes, must write all of them, and may touch `slack` more.
    @inline(__always)
    private mutating func reserve(_ count: Int, _ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        let end = position &+ count
        if end <= capacity { fill(base + position) }
        position = end
    }
}

// MARK: - Tags

extension XMLOutput {
    /// Starts ` name="`; what follows is quoted.
    @inline(__always)
    mutating func openAttribute(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        reserve(count + 3) { start in
            start[0] = UInt8(ascii: " ")
            (start + 1).initialize(from: name.utf8Start, count: count)
            start[count + 1] = UInt8(ascii: "=")
            start[count + 2] = UInt8(ascii: "\"")
        }
        isQuoted = true
    }

    @inline(__always)
    mutating func closeAttribute() {
        append(byte: UInt8(ascii: "\""))
        isQuoted = false
    }

    /// Starts `<name` on a line of its own.
    @inline(__always)
    mutating func openElement(_ name: StaticString, depth: Int) {
        let (count, indentation) = (name.utf8CodeUnitCount, depth &* 2)
        reserve(indentation &+ count &+ 1) { start in
            Self.indent(start, indentation)
            start[indentation] = UInt8(ascii: "<")
            (start + indentation + 1).initialize(from: name.utf8Start, count: count)
        }
    }

    /// Writes `</name>` and ends the line.
    @inline(__always)
    mutating func closeElement(_ name: StaticString, depth: Int) {
        let (count, indentation) = (name.utf8CodeUnitCount, depth &* 2)
        reserve(indentation &+ count &+ 4) { start in
            Self.indent(start, indentation)
            let tag = start + indentation
            tag[0] = UInt8(ascii: "<")
            tag[1] = UInt8(ascii: "/")
            (tag + 2).initialize(from: name.utf8Start, count: count)
            tag[count + 2] = UInt8(ascii: ">")
            tag[count + 3] = UInt8(ascii: "\n")
        }
    }

    mutating func append(indentation depth: Int) {
        reserve(depth * 2) { Self.indent($0, depth * 2) }
    }

    /// SAFETY: writes up to seven bytes beyond `count`, which the slack has room for.
    @inline(__always)
    private static func indent(_ start: UnsafeMutablePointer<UInt8>, _ count: Int) {
        var offset = 0
        while offset < count {
            UnsafeMutableRawPointer(start + offset).storeBytes(of: 0x2020_2020_2020_2020, as: UInt64.self)
            offset &+= 8
        }
    }
}

// MARK: - Text from outside

extension XMLOutput {
    /// Appends text from outside.
    mutating func escape(_ text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            if !copyPlain(bytes) { escapeEach(bytes) }
        }
        if done == nil { for byte in text.utf8 { escape(byte) } }
    }

    @inline(never)
    private mutating func escapeEach(_ bytes: UnsafeBufferPointer<UInt8>) {
        for byte in bytes { escape(byte) }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): append("&amp;")
        case UInt8(ascii: "<"): append("&lt;")
        case UInt8(ascii: ">"): append("&gt;")
        case UInt8(ascii: "\"") where isQuoted: append("&quot;")
        case 0x09 where isQuoted: append("&#9;")
        case 0x0A where isQuoted: append("&#10;")
        case 0x0D: append("&#13;")
        default: append(byte: byte)
        }
    }

    /// Copies text in which nothing has to be escaped, a word at a time; false where something may have to be, or where
    /// it does not fit.
    ///
    /// SAFETY: every load lies inside `bytes` and every store inside the memory: the last word overlaps the one before.
    @inline(__always)
    private mutating func copyPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = bytes.count
        guard position &+ count <= capacity, let first = bytes.baseAddress else { return false }
        let (source, target) = (UnsafeRawPointer(first), UnsafeMutableRawPointer(base + position))
        var found: UInt64 = 0
        if count >= 8 {
            var offset = 0
            while offset < count {
                let start = min(offset, count &- 8)
                let word = source.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                found |= Self.markup(word)
                target.storeBytes(of: word, toByteOffset: start, as: UInt64.self)
                offset &+= 8
            }
        } else if count >= 4 {
            let head = source.loadUnaligned(as: UInt32.self)
            let tail = source.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            found = Self.markup(UInt64(head) << 32 | UInt64(tail))
            target.storeBytes(of: head, as: UInt32.self)
            target.storeBytes(of: tail, toByteOffset: count &- 4, as: UInt32.self)
        } else {
            for offset in 0..<count {
                let byte = first[offset]
                if byte < 0x20 || byte | 4 == 0x26 || byte | 2 == 0x3E { return false }
                base[position &+ offset] = byte
            }
        }
        guard found & 0x8080_8080_8080_8080 == 0 else { return false }
        position &+= count
        return true
    }

    /// The high bit of each byte below space and each `"`, `&`, `<`, `>`. A borrow may set more.
    @inline(__always)
    private static func markup(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quoteOrAmpersand = (word | ones &* 0x04) ^ (ones &* 0x26)
        let angle = (word | ones &* 0x02) ^ (ones &* 0x3E)
        return (word &- ones &* 0x20) & ~word
            | (quoteOrAmpersand &- ones) & ~quoteOrAmpersand
            | (angle &- ones) & ~angle
    }
}
