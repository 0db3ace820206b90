import FoundationEssentials
import KubernetesModel

/// Why a protobuf message cannot be read.
struct ProtobufError: Error, CustomStringConvertible {
    let description: String
}

/// Reads objects in Kubernetes' protobuf encoding into document trees.
enum ProtobufReader {
    private static let magic = Array("k8s\0".utf8)
    /// Levels of nesting; the deepest schema has five.
    private static let maximumDepth = 20

    static func isProtobuf(_ mediaType: String) -> Bool { mediaType == "application/vnd.kubernetes.protobuf" }

    /// The object of an envelope, which names its kind.
    static func read(_ body: [UInt8], mostValues: Int = .max) throws(ProtobufError) -> DocumentNode {
        guard body.starts(with: magic) else { throw ProtobufError(description: "the envelope of protobuf is missing") }
        var (apiVersion, kind, raw) = ("", "", ArraySlice<UInt8>())
        try fields(body[magic.count...]) { number, value throws(ProtobufError) in
            switch (number, value) {
            case (1, .bytes(let bytes)):
                try fields(bytes) { number, value throws(ProtobufError) in
                    guard case .bytes(let text) = value else { return }
                    if number == 1 { apiVersion = String(decoding: text, as: UTF8.self) }
                    if number == 2 { kind = String(decoding: text, as: UTF8.self) }
                }
            case (2, .bytes(let bytes)): raw = bytes
            default: break
            }
        }
        guard let schema = ProtobufSchema.of(apiVersion: apiVersion, kind: kind) else {
            throw ProtobufError(description: "\(apiVersion) \(kind) is not taken as protobuf: send JSON")
        }
        var object = try node(raw, schema, depth: 0) ?? .object([])
        object.setMember("apiVersion", .string(apiVersion))
        object.setMember("kind", .string(kind))
        guard values(of: object) <= mostValues else {
            throw ProtobufError(description: "the object has more than \(mostValues) values")
        }
        return object
    }

    private static func values(of node: DocumentNode) -> Int {
        node.elements.reduce(1) { $0 + values(of: $1) } + node.members.reduce(0) { $0 + values(of: $1.value) }
    }

    private enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) throws(ProtobufError) -> UInt64 {
        var (value, shift) = (UInt64(0), UInt64(0))
        while let byte = bytes.popFirst() {
            guard shift < 64 else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw ProtobufError(description: "a number does not end")
    }

    private static func fields(
        _ bytes: ArraySlice<UInt8>, _ body: (Int, Value) throws(ProtobufError) -> Void
    ) throws(ProtobufError) {
        var bytes = bytes
        while !bytes.isEmpty {
            let tag = try varint(&bytes)
            let number = Int(clamping: tag >> 3)
            switch tag & 7 {
            case 0: try body(number, .number(try varint(&bytes)))
            case 1: bytes = try skip(8, bytes)
            case 2:
                let length = Int(clamping: try varint(&bytes))
                let rest = try skip(length, bytes)
                try body(number, .bytes(bytes[bytes.startIndex..<rest.startIndex]))
                bytes = rest
            case 5: bytes = try skip(4, bytes)
            default: throw ProtobufError(description: "a field has an unknown type")
            }
        }
    }

    private static func skip(_ count: Int, _ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard count <= bytes.count else { throw ProtobufError(description: "a field is longer than its message") }
        return bytes.dropFirst(count)
    }

    /// A value; nil where it says no more than an absent one, since an encoder of Go writes empty fields too.
    private static func node(_ bytes: ArraySlice<UInt8>, _ schema: ProtobufSchema, depth: Int) throws(ProtobufError)
        -> DocumentNode?
    {
        guard depth < maximumDepth else { throw ProtobufError(description: "the message is nested too deep") }
        switch schema {
        case .string:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ProtobufError(description: "a text is not UTF-8")
            }
            return .string(text)
        case .bytes: return .string(Data(bytes).base64EncodedString())
        case .json:
            guard let text = String(validating: bytes, as: UTF8.self), let documents = try? DocumentReader().read(text)
            else { throw ProtobufError(description: "a field that should be JSON is not") }
            return documents.first
        case .time(let micro): return try time(bytes, micro: micro)
        case .integer, .boolean: throw ProtobufError(description: "a number is no number")
        case .list(let element): return try node(bytes, element, depth: depth + 1)
        case .map: throw ProtobufError(description: "a map stands where none may")
        case .message(let table): return try message(bytes, table, depth: depth)
        }
    }

    private static func time(_ bytes: ArraySlice<UInt8>, micro: Bool) throws(ProtobufError) -> DocumentNode? {
        var (seconds, nanoseconds): (Int64?, Int64) = (nil, 0)
        try fields(bytes) { number, value throws(ProtobufError) in
            guard case .number(let number64) = value else { return }
            if number == 1 { seconds = Int64(bitPattern: number64) }
            if number == 2 { nanoseconds = Int64(bitPattern: number64) }
        }
        // Go's zero time stands for none.
        guard let seconds, seconds > 0, seconds < 253_402_300_800 else { return nil }
        let text = Timestamp(seconds: seconds).text
        guard micro else { return .string(text) }
        let digits = String(max(0, min(nanoseconds, 999_999_999)) / 1000)
        return .string(text.dropLast() + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z")
    }

    private static func message(
        _ bytes: ArraySlice<UInt8>, _ table: [Int: (name: String, schema: ProtobufSchema)], depth: Int
    ) throws(ProtobufError) -> DocumentNode? {
        var object: DocumentNode = .object([])
        var whole: DocumentNode?
        // Their parts come one by one, and there may be a million.
        var lists: [String: [DocumentNode]] = [:]
        var maps: [String: [String: DocumentNode]] = [:]
        try fields(bytes) { number, value throws(ProtobufError) in
            guard let field = table[number] else { return }
            switch (field.schema, value) {
            case (.integer, .number(let number)): object.setMember(field.name, .number(Int64(bitPattern: number)))
            case (.boolean, .number(let number)): object.setMember(field.name, .bool(number != 0))
            case (.list(let element), .bytes(let bytes)):
                guard let element = try node(bytes, element, depth: depth + 1) else { return }
                lists[field.name, default: []].append(element)
            case (.map(let schema), .bytes(let bytes)):
                let (key, value) = try entry(bytes, schema, depth: depth)
                maps[field.name, default: [:]][key] = value
            case (_, .bytes(let bytes)):
                guard let node = try node(bytes, field.schema, depth: depth + 1) else { return }
                if field.name.isEmpty {
                    whole = node
                } else if node != .string("") {
                    object.setMember(field.name, node)
                }
            case (_, .number): throw ProtobufError(description: "\(field.name) is a number")
            }
        }
        for (name, elements) in lists { object.setMember(name, .array(elements)) }
        for (name, entries) in maps {
            let members = entries.sorted { $0.key < $1.key }.map { DocumentMember($0.key, $0.value) }
            object.setMember(name, .object(members))
        }
        return whole ?? (object.members.isEmpty ? nil : object)
    }

    private static func entry(_ bytes: ArraySlice<UInt8>, _ schema: ProtobufSchema, depth: Int) throws(ProtobufError)
        -> (key: String, value: DocumentNode)
    {
        var (key, found): (String, DocumentNode?) = ("", nil)
        try fields(bytes) { number, value throws(ProtobufError) in
            guard case .bytes(let bytes) = value else { return }
            if number == 1 { key = String(decoding: bytes, as: UTF8.self) }
            if number == 2 { found = try node(bytes, schema, depth: depth + 1) }
        }
        return (key, found ?? .string(""))
    }
}
