/// A document in one buffer of bytes.
package struct XMLWriter: Sendable {
    package let bytes: [UInt8]

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes a part as the element of that name; nearly always at once, again where `capacity` was too small.
    static func write(_ name: StaticString, _ part: some XMLPart, capacity: Int) -> XMLWriter {
        withUnsafePointer(to: part) { write(name, $0, capacity: capacity) }
    }

    /// As `write`, where the part lies.
    static func write(_ name: StaticString, _ part: UnsafePointer<some XMLPart>, capacity: Int) -> XMLWriter {
        write(capacity: capacity) { $0.writeRoot(name, part) }
    }

    /// Writes an element.
    static func write(_ element: XMLElement) -> XMLWriter { write(capacity: 1024) { $0.write(element) } }

    private static func write(capacity: Int, _ content: (inout XMLWritingVisitor) -> Void) -> XMLWriter {
        var size = capacity + XMLOutput.slack
        while true {
            var isComplete = false
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
                guard let base = memory.baseAddress else { return }
                var visitor = XMLWritingVisitor(base, count: memory.count)
                content(&visitor)
                isComplete = visitor.output.fits
                count = isComplete ? visitor.output.position : 0
                size = visitor.output.position + XMLOutput.slack
            }
            if isComplete { return XMLWriter(bytes: bytes) }
        }
    }
}
