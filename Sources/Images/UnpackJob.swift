import SystemPackage

/// The taking out of files from an image's layers: all that a hostile image's bytes are read by.
///
/// A value that goes to a helper process and comes back as `Unpacked`; see `UnpackHelper`.
struct UnpackJob: Codable, Sendable {
    enum Wanted: Codable, Hashable, Sendable {
        /// All under /disk, which must be disks.
        case disks
        /// One file, whatever it is.
        case file(path: String)
    }

    let image: String
    let layers: [LayerSource]
    let limits: ImageLimits
    /// Where the files are put.
    let scratch: FilePath
    let wanted: Wanted

    /// Blocks its thread.
    func run(_ cancellation: Cancellation, _ progress: ImageProgressListener?) throws(ImageError) -> Unpacked {
        let unpacker = LayerUnpacker(
            image: image, layers: layers, limits: limits, scratch: scratch, cancellation: cancellation,
            progress: progress)
        switch wanted {
        case .disks: return try disks(unpacker)
        case .file(let path): return try file(path, unpacker)
        }
    }

    private func disks(_ unpacker: LayerUnpacker) throws(ImageError) -> Unpacked {
        var (tree, captured) = try unpacker.unpack { $0.hasPrefix("disk/") }
        let disks = try tree.files(under: "disk")
        let missing = Set(disks.map(\.content)).subtracting(captured.keys)
        if !missing.isEmpty { captured.merge(try unpacker.extract(missing)) { $1 } }
        var files: [UnpackedFile] = []
        for disk in disks {
            guard let host = captured[disk.content] else { throw .noSuchFile(image: image, path: disk.path) }
            files.append(UnpackedFile(host: host, path: disk.path, isLink: disk.isLink, isDisk: true))
        }
        return Unpacked(files: files, hasOthers: tree.hasFiles(outside: "disk"))
    }

    private func file(_ path: String, _ unpacker: LayerUnpacker) throws(ImageError) -> Unpacked {
        let name = path.split(separator: "/").joined(separator: "/")
        var (tree, captured) = try unpacker.unpack { $0 == name }
        let file = try tree.file(path)
        if captured[file.content] == nil { captured = try unpacker.extract([file.content]) }
        guard let host = captured[file.content] else { throw .noSuchFile(image: image, path: path) }
        return Unpacked(
            files: [UnpackedFile(host: host, path: path, isLink: file.isLink, isDisk: false)], hasOthers: true)
    }
}

/// What an `UnpackJob` found.
struct Unpacked: Codable, Sendable {
    let files: [UnpackedFile]
    /// Whether the image has files that were not taken out.
    let hasOthers: Bool
}

/// A file that lies in the scratch folder. What it is called by, its digest, is found by whoever keeps it.
struct UnpackedFile: Codable, Sendable {
    let host: FilePath
    /// Its path in the image.
    let path: String
    let isLink: Bool
    let isDisk: Bool
}
