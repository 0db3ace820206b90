import FoundationEssentials
import SystemPackage

/// Where things lie in the store's folder, and how records are read and written.
///
///     names/<sha256 of the name>.json   one record for each name
///     disks/sha256/<hex>                files taken out of images, mode 0444
///     layers/sha256/<hex>               layers kept for files that may still be asked for
///     locks/<sha256 of the name>.lock   held while that image is pulled or imported
///     locks/store.lock                  shared while a record is published, exclusive while blobs are removed
///     tmp/<pid>-<random>                unfinished work, see `ScratchFolder`
struct StoreLayout: Hashable, Sendable {
    let folder: FilePath

    var names: FilePath { folder.appending("names") }
    var disks: FilePath { folder.appending("disks").appending("sha256") }
    var layers: FilePath { folder.appending("layers").appending("sha256") }
    var locks: FilePath { folder.appending("locks") }
    var tmp: FilePath { folder.appending("tmp") }
    var storeLock: FilePath { locks.appending("store.lock") }

    func record(_ name: String) -> FilePath { names.appending("\(key(name)).json") }
    func lock(_ name: String) -> FilePath { locks.appending("\(key(name)).lock") }
    func disk(_ digest: ImageDigest) -> FilePath { disks.appending(digest.hex) }
    func layer(_ digest: ImageDigest) -> FilePath { layers.appending(digest.hex) }

    private func key(_ name: String) -> String { ImageDigest.of(name.utf8).hex }

    /// Makes the folders; those with disks may be entered by an unprivileged QEMU.
    func create() throws(ImageError) {
        try FileSystem.createFolder(folder, permissions: 0o755)
        try FileSystem.createFolder(names, permissions: 0o755)
        try FileSystem.createFolder(disks, permissions: 0o755)
        for path in [layers, locks, tmp] { try FileSystem.createFolder(path, permissions: 0o700) }
    }

    /// The record of a name; nil where there is none.
    func load(_ name: String) throws(ImageError) -> StoredImage? {
        do throws(ImageError) {
            return try load(record(name))
        } catch .fileOperation(_, _, .noSuchFileOrDirectory) {
            return nil
        }
    }

    /// All records; one that cannot be read is an error, since nobody can tell what it names.
    func loadAll() throws(ImageError) -> [StoredImage] {
        var images: [StoredImage] = []
        for file in try FileSystem.names(in: names) where file.hasSuffix(".json") {
            do throws(ImageError) {
                images.append(try load(names.appending(file)))
            } catch .fileOperation(_, _, .noSuchFileOrDirectory) {
                // Removed since the folder was read.
                continue
            }
        }
        return images.sorted { $0.name < $1.name }
    }

    private func load(_ path: FilePath) throws(ImageError) -> StoredImage {
        let bytes = try FileSystem.read(path, limit: 16 << 20)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            let image = try decoder.decode(StoredImage.self, from: Data(bytes))
            guard image.schema <= StoredImage.currentSchema else {
                throw ImageError.recordUnreadable(
                    path: path.string, reason: "its schema \(image.schema) is newer than this program")
            }
            // Sums of sizes are taken without a look, and the name leads back to this file.
            let sizes = image.files.map(\.size) + image.layers.map(\.size)
            guard sizes.allSatisfy({ (0...1 << 50).contains($0) }), record(image.name) == path else {
                throw ImageError.recordUnreadable(path: path.string, reason: "it is damaged")
            }
            return image
        } catch let error as ImageError {
            throw error
        } catch {
            throw .recordUnreadable(path: path.string, reason: "it is damaged")
        }
    }

    /// Writes a record in one step; `scratch` lies in the same filesystem.
    func save(_ image: StoredImage, scratch: FilePath) throws(ImageError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let target = record(image.name)
        guard let data = try? encoder.encode(image) else {
            throw .recordUnreadable(path: target.string, reason: "it cannot be encoded")
        }
        let temporary = scratch.appending("record.json")
        try FileSystem.unlink(temporary)
        try FileSystem.write(Array(data), to: temporary, permissions: 0o644)
        try FileSystem.rename(temporary, to: target)
        try FileSystem.sync(names)
    }

    /// Whether all blobs that a record names are there.
    func isComplete(_ image: StoredImage) -> Bool {
        image.files.allSatisfy { (try? Stat(disk($0.digest)))?.size == $0.size }
            && image.layers.allSatisfy { (try? Stat(layer($0.digest)))?.size == $0.size }
    }
}
