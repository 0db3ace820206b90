import SystemPackage

/// What the unpacking of one image has cost so far, held against the limits.
struct UnpackBudget {
    let image: String
    /// A folder in the filesystem that is written to.
    let folder: FilePath
    let limits: ImageLimits
    private var entries = 0
    /// Of the layers that are done.
    private var packed: Int64 = 0
    private var unpacked: Int64 = 0
    /// Of the files that are done.
    private var stored: Int64 = 0
    private var nextSpaceCheck: Int64 = 0

    init(image: String, folder: FilePath, limits: ImageLimits) {
        self.image = image
        self.folder = folder
        self.limits = limits
    }

    mutating func countEntry(_ reader: borrowing ArchiveReader) throws(ImageError) {
        entries += 1
        guard entries <= limits.entries else {
            throw excess(.entries, Int64(entries), Int64(limits.entries))
        }
        try check(packed: reader.packedBytes, unpacked: reader.unpackedBytes)
    }

    /// Looks at how much has come out of the compression, in the current layer and those before.
    func check(packed current: Int64, unpacked fresh: Int64) throws(ImageError) {
        let all = unpacked + fresh
        guard all <= limits.unpackedBytes else { throw excess(.unpackedBytes, all, limits.unpackedBytes) }
        guard all > limits.ratioFloorBytes else { return }
        let ratio = all / max(1, packed + current)
        guard ratio <= limits.ratio else { throw excess(.ratio, ratio, limits.ratio) }
    }

    /// Looks at the apparent size of one file; `.max` stands for offsets that make no sense.
    func checkFile(_ size: Int64) throws(ImageError) {
        guard size >= 0, size <= limits.fileBytes else { throw excess(.fileBytes, size, limits.fileBytes) }
    }

    /// Looks at what the current file has put on the disk, and now and then at what is left there.
    mutating func countStored(_ current: Int64) throws(ImageError) {
        let all = stored + current
        guard all <= limits.storedBytes else { throw excess(.storedBytes, all, limits.storedBytes) }
        guard all >= nextSpaceCheck else { return }
        nextSpaceCheck = all + 64 << 20
        try Self.requireSpace(0, image: image, folder: folder, limits: limits)
    }

    mutating func finishFile(_ bytes: Int64) { stored += bytes }

    mutating func finish(_ reader: borrowing ArchiveReader) {
        packed += reader.packedBytes
        unpacked += reader.unpackedBytes
    }

    /// Throws unless `bytes` more fit into the filesystem of `folder` beside the reserve.
    static func requireSpace(
        _ bytes: Int64, image: String, folder: FilePath, limits: ImageLimits
    ) throws(ImageError) {
        let free = try FileSystem.freeBytes(folder) - limits.reserveBytes
        guard free >= bytes else {
            throw .filesystemFull(
                image: image, folder: folder.string, neededBytes: max(bytes, 1), freeBytes: max(0, free))
        }
    }

    /// Gives a full disk its own error.
    func guardSpace(_ write: () throws(ImageError) -> Void) throws(ImageError) {
        do throws(ImageError) {
            try write()
        } catch .fileOperation(_, _, .noSpace) {
            throw .filesystemFull(image: image, folder: folder.string, neededBytes: 1, freeBytes: 0)
        }
    }

    private func excess(_ limit: ImageLimit, _ found: Int64, _ allowed: Int64) -> ImageError {
        .limitExceeded(image: image, limit: limit, found: found, allowed: allowed)
    }
}
