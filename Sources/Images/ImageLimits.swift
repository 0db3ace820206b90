/// What an image may cost this node; what goes beyond is refused before it is spent, as far as it can be known.
package struct ImageLimits: Codable, Hashable, Sendable {
    /// Bytes of one manifest or index.
    package var manifestBytes = 4 << 20
    package var layers = 127
    /// Bytes of all layers as they are downloaded.
    package var downloadBytes: Int64 = 64 << 30
    /// Entries in all layers together.
    package var entries = 1_000_000
    /// Apparent bytes of one file that is taken out of an image.
    package var fileBytes: Int64 = 512 << 30
    /// Bytes other than zero that one image may put on the disk, all its files together.
    package var storedBytes: Int64 = 128 << 30
    /// Bytes that come out of the layers' compression, kept or not.
    package var unpackedBytes: Int64 = 1 << 40
    /// Unpacked bytes for each packed byte; looked at once more than `ratioFloorBytes` are unpacked.
    package var ratio: Int64 = 250
    package var ratioFloorBytes: Int64 = 16 << 30
    /// The size a disk may claim to a guest.
    package var virtualBytes: Int64 = 16 << 40
    /// Bytes that stay free in the store's filesystem.
    package var reserveBytes: Int64 = 512 << 20

    package init() {}
}

/// The limit that an image went beyond, as the text of an error names it.
package enum ImageLimit: String, Codable, Hashable, Sendable {
    case manifestBytes = "bytes of the manifest"
    case layers = "number of layers"
    case downloadBytes = "bytes to download"
    case entries = "number of entries"
    case fileBytes = "bytes of one file"
    case storedBytes = "bytes to store"
    case unpackedBytes = "unpacked bytes"
    case ratio = "unpacked bytes for each packed byte"
    case virtualBytes = "virtual size in bytes"
}
