import CArchive
import SystemPackage

/// One entry of a layer.
struct ArchiveEntry: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file, folder
        case symlink(target: String)
        case hardLink(target: String)
        case special(String)
    }

    /// The name exactly as the archive has it.
    let name: String
    let kind: Kind
    let size: Int64
}

/// Reads a tar file, plain or packed by gzip or zstd, entry by entry, with libarchive; nothing is unpacked to a disk.
@safe struct ArchiveReader: ~Copyable {
    private let handle: OpaquePointer
    private let descriptor: FileDescriptor
    private let image: String
    private let layer: String
    private let opening: ImageError?

    /// Opens the tar file at `path`; `layer` names it in errors.
    init(_ path: FilePath, image: String, layer: String) throws(ImageError) {
        // SAFETY: the handle is freed by `deinit` alone; where this throws, by the branch that throws.
        let descriptor = try FileSystem.open(path, .readOnly)
        guard let handle = unsafe archive_read_new() else {
            try? descriptor.close()
            throw .layerUnreadable(image: image, layer: layer, reason: "no memory")
        }
        unsafe self.handle = unsafe handle
        self.descriptor = descriptor
        self.image = image
        self.layer = layer
        unsafe archive_read_support_format_tar(handle)
        unsafe archive_read_support_format_empty(handle)
        unsafe archive_read_support_filter_gzip(handle)
        unsafe archive_read_support_filter_zstd(handle)
        guard unsafe archive_read_open_fd(handle, descriptor.rawValue, 1 << 17) == ARCHIVE_OK else {
            let fault = unsafe Self.fault(handle, image: image, layer: layer)
            // `next` throws it: a half-made value that owns a handle cannot be left by a throw.
            opening = fault
            return
        }
        opening = nil
    }

    deinit {
        // SAFETY: the handle was made in `init` and is freed nowhere else.
        unsafe archive_read_free(handle)
        try? descriptor.close()
    }

    /// Bytes read from the file.
    // SAFETY: the handle lives as long as the reader; so in the next property.
    var packedBytes: Int64 { unsafe archive_filter_bytes(handle, -1) }
    /// Bytes that came out of its compression.
    var unpackedBytes: Int64 { unsafe archive_filter_bytes(handle, 0) }

    /// The next entry, nil at the end. Maps to `archive_read_next_header`.
    func next() throws(ImageError) -> ArchiveEntry? {
        if let opening { throw opening }
        // SAFETY: the entry belongs to the handle and is read before the next call.
        var entry: OpaquePointer?
        switch unsafe archive_read_next_header(handle, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN: break
        default: throw unsafe Self.fault(handle, image: image, layer: layer)
        }
        guard let entry = unsafe entry,
            let name = unsafe Self.text(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry))
        else {
            throw .entryRefused(image: image, path: "?", reason: "its name cannot be read: use UTF-8")
        }
        return unsafe ArchiveEntry(name: name, kind: Self.kind(of: entry), size: archive_entry_size(entry))
    }

    /// Gives the blocks of the current entry with their offsets; what lies between them is zeros.
    ///
    /// Maps to `archive_read_data_block`. The blocks are valid only during the call.
    func forEachBlock(
        _ body: (UnsafeRawBufferPointer, Int64, borrowing ArchiveReader) throws(ImageError) -> Void
    ) throws(ImageError) {
        while true {
            // SAFETY: libarchive keeps the block until its next call, and `body` does not keep it.
            var start: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            switch unsafe archive_read_data_block(handle, &start, &count, &offset) {
            case ARCHIVE_EOF: return
            case ARCHIVE_OK, ARCHIVE_WARN:
                try unsafe body(UnsafeRawBufferPointer(start: start, count: count), offset, self)
            default: throw unsafe Self.fault(handle, image: image, layer: layer)
            }
        }
    }

    private static func fault(_ handle: OpaquePointer, image: String, layer: String) -> ImageError {
        // SAFETY: the text belongs to the handle and is copied at once.
        let text = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "unknown fault"
        return .layerUnreadable(image: image, layer: layer, reason: text)
    }

    private static func kind(of entry: OpaquePointer) -> ArchiveEntry.Kind {
        // SAFETY: the caller holds the entry; the texts are copied at once.
        if let target = unsafe text(archive_entry_hardlink(entry), archive_entry_hardlink_utf8(entry)) {
            return .hardLink(target: target)
        }
        switch unsafe archive_entry_filetype(entry) & 0o170000 {
        case 0o100000: return .file
        case 0o040000: return .folder
        case 0o120000:
            let target = unsafe text(archive_entry_symlink(entry), archive_entry_symlink_utf8(entry))
            return .symlink(target: target ?? "")
        case 0o020000, 0o060000: return .special("device node")
        case 0o010000: return .special("named pipe")
        case 0o140000: return .special("socket")
        default: return .special("file of an unknown type")
        }
    }

    /// The raw bytes of a name, or, where libarchive cannot give them outside of a UTF-8 locale, its UTF-8.
    private static func text(_ raw: UnsafePointer<CChar>?, _ utf8: UnsafePointer<CChar>?) -> String? {
        // SAFETY: both are nil or end in a NUL.
        unsafe (raw ?? utf8).map { unsafe String(cString: $0) }
    }
}
