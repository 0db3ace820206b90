package import FoundationEssentials
package import SystemPackage

/// An image as the store's record describes it.
package struct StoredImage: Codable, Hashable, Sendable {
    /// Where an image came from.
    package enum Source: Codable, Hashable, Sendable {
        case registry(name: String)
        case imported(path: String)

        package var isImport: Bool {
            if case .imported = self { true } else { false }
        }
    }

    /// One file of the image that lies unpacked in the store.
    package struct File: Codable, Hashable, Sendable {
        /// Its absolute path in the image.
        package let path: String
        package let digest: ImageDigest
        /// Apparent bytes.
        package let size: Int64
        package let format: ImageFormat
        /// Bytes the guest sees; nil for a plain file.
        package let virtualSize: Int64?
        /// The path is a symbolic link to another file of the image.
        package let isLink: Bool
    }

    /// One layer that is kept for files that may still be asked for.
    package struct Layer: Codable, Hashable, Sendable {
        package let digest: ImageDigest
        package let size: Int64
    }

    /// The record's schema; a store that meets a newer one leaves it alone.
    static let currentSchema = 1

    package let schema: Int
    /// The name it is kept under: canonical where it was pulled, as given where it was imported.
    package let name: String
    package let source: Source
    /// The digest that the name had in the registry, of an index where there is one; of the content for an import.
    package let digest: ImageDigest
    package let stored: Date
    package internal(set) var files: [File]
    package let layers: [Layer]

    /// Bytes of the files and kept layers, each counted once.
    package var size: Int64 {
        let files = Dictionary(files.map { ($0.digest, $0.size) }, uniquingKeysWith: max)
        return files.values.reduce(0, +) + layers.reduce(0) { $0 + $1.size }
    }
}

/// A file of an image on this node, for QEMU to open read-only.
package struct ImageFile: Hashable, Sendable {
    /// Where it lies on the host; of mode 0444 and never changed.
    package let path: FilePath
    /// Its path in the image.
    package let imagePath: String
    package let digest: ImageDigest
    /// Apparent bytes.
    package let size: Int64
    /// To be given to QEMU explicitly, never probed again.
    package let format: ImageFormat
    /// Bytes the guest sees; nil for a plain file.
    package let virtualSize: Int64?
}
