import FoundationEssentials
import Images

/// The images of the store as text.
enum ImageListing {
    /// Columns as wide as their longest cell; `wide` adds the whole digest, the source and the files.
    static func table(_ images: [StoredImage], wide: Bool) -> String {
        let head = ["NAME", "DIGEST", "SIZE", "FORMAT", "STORED"] + (wide ? ["SOURCE", "FILES"] : [])
        let rows = images.map { image -> [String] in
            let formats = Set(image.files.map(\.format.rawValue)).sorted().joined(separator: ",")
            let digest = wide ? "\(image.digest)" : String(image.digest.hex.prefix(12))
            let stored = image.stored.formatted(.iso8601)
            let row = [image.name, digest, ImageProgressBar.bytes(image.size), formats.isEmpty ? "-" : formats, stored]
            let source =
                switch image.source {
                case .registry(let name): name
                case .imported(let path): path
                }
            return row + (wide ? [source, image.files.map(\.path).joined(separator: ",")] : [])
        }
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let line = cells.joined(separator: "   ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    /// The records as a JSON array.
    static func json(_ images: [StoredImage]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(images), as: UTF8.self)
    }
}
