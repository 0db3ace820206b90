import SystemPackage

/// Copies files of the host into a scratch folder, sparse and hashed, and judges disks by the copy. Blocks.
struct FileCopier {
    let store: ImageStore
    let image: String
    let scratch: FilePath
    let cancellation: Cancellation
    let progress: ImageProgressListener?
    private var count = 0
    private var budget: UnpackBudget
    /// Bytes copied, of all files.
    private var copied: Int64 = 0

    init(
        store: ImageStore, image: String, scratch: FilePath, cancellation: Cancellation,
        progress: ImageProgressListener?
    ) {
        self.store = store
        self.image = image
        self.scratch = scratch
        self.cancellation = cancellation
        self.progress = progress
        budget = UnpackBudget(image: image, folder: scratch, limits: store.limits)
    }

    /// Copies `host`; what is put under /disk must be a disk.
    mutating func copy(_ host: FilePath, to path: String, isLink: Bool) throws(ImageError) -> PreparedFile {
        let target = scratch.appending("file-\(count)")
        count += 1
        var writer = try SparseFileWriter(target, hashes: false)
        try fill(&writer, from: host)
        budget.finishFile(writer.storedBytes)
        _ = try writer.finish()
        let file = UnpackedFile(host: target, path: path, isLink: isLink, isDisk: path.hasPrefix("/disk/"))
        return try file.prepared(image: image, limits: store.limits, cancellation)
    }

    private mutating func fill(_ writer: inout SparseFileWriter, from host: FilePath) throws(ImageError) {
        let source = try FileSystem.open(host, .readOnly, options: .nonBlocking)
        defer { try? source.close() }
        guard (try? Stat(source))?.type == .regular else {
            throw .importRefused(path: host.string, reason: "it is no regular file")
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            try cancellation.check(image: image)
            // SAFETY: the buffer is filled by the read and its filled part is used before the next one.
            let count = try FileSystem.wrapped("read", host) {
                try unsafe buffer.withUnsafeMutableBytes { try unsafe source.read(into: $0) }
            }
            guard count > 0 else { return }
            try budget.checkFile(writer.size + Int64(count))
            try budget.guardSpace { () throws(ImageError) in
                try unsafe buffer.withUnsafeBufferPointer { bytes throws(ImageError) in
                    try unsafe writer.append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count]))
                }
            }
            try budget.countStored(writer.storedBytes)
            copied += Int64(count)
            progress?(ImageProgress(phase: .extracting, completedBytes: copied))
        }
    }
}
