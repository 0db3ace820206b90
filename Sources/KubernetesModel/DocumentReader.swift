/// Reads YAML or JSON into document trees, with budgets that no text can exceed.
package struct DocumentReader: Sendable {
    /// Bytes of one text. etcd holds no object above 1.5 MiB; a file may hold several.
    package var maximumBytes = 8 << 20
    /// Levels of nesting; a VMI has about 12.
    package var maximumDepth = 100
    /// Values once aliases are expanded: what keeps a "billion laughs" small.
    package var maximumNodes = 200_000

    package init() {}

    /// Every document of `text`; empty ones are left out.
    package func read(_ text: String) throws(DocumentError) -> [DocumentNode] {
        let bytes = text.utf8.count
        guard bytes <= maximumBytes else { throw .tooLarge(bytes: bytes, limit: maximumBytes) }
        let first = text.utf8.first { !($0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            var reader = JSONReader(text, maximumDepth: maximumDepth, maximumNodes: maximumNodes)
            do { return [try reader.read()] } catch {
                // A YAML document may open with a flow mapping too; the JSON error stands if YAML cannot read it either.
                switch error {
                case .syntax, .keyIsNotAString: break
                case .tooLarge, .tooDeep, .tooManyNodes, .duplicateKey: throw error
                }
                guard let documents = try? readYAML(text) else { throw error }
                return documents
            }
        }
        return try readYAML(text)
    }
}
