import CArchive
package import SystemPackage

/// Writes a `.tar.gz` of texts, which belong to root and nobody else.
package enum TarArchive {
    package struct File: Sendable {
        /// Relative, of ASCII, with `/` between its parts.
        package var path: String
        package var bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// Writes the archive to a path where nothing is, for its owner alone; on an error nothing stays there. All files bear
    /// the time `modified`, in seconds since 1970.
    package static func write(_ files: [File], to path: FilePath, modified: Int64) throws(ImageError) {
        let descriptor = try FileSystem.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
            permissions: FilePermissions(rawValue: 0o600))
        defer { try? descriptor.close() }
        do throws(ImageError) { try fill(descriptor, files, path, modified) } catch {
            _ = try? FileSystem.unlink(path)
            throw error
        }
    }

    private static func fill(
        _ descriptor: FileDescriptor, _ files: [File], _ path: FilePath, _ modified: Int64
    ) throws(ImageError) {
        // SAFETY: the handle is freed once, here, after its last use; strings and bytes outlive the calls.
        guard let handle = unsafe archive_write_new() else {
            throw .archiveUnwritten(path: path.string, reason: "no memory")
        }
        defer { unsafe archive_write_free(handle) }
        func checked(_ result: Int) throws(ImageError) {
            guard result < 0 else { return }
            let text = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
            throw .archiveUnwritten(path: path.string, reason: text ?? "unknown fault")
        }
        try checked(Int(unsafe archive_write_set_format_pax_restricted(handle)))
        try checked(Int(unsafe archive_write_add_filter_gzip(handle)))
        try checked(Int(unsafe archive_write_open_fd(handle, descriptor.rawValue)))
        for file in files { try unsafe add(file, modified, to: handle, path, checked) }
        try checked(Int(unsafe archive_write_close(handle)))
    }

    private static func add(
        _ file: File, _ modified: Int64, to handle: OpaquePointer, _ path: FilePath,
        _ checked: (Int) throws(ImageError) -> Void
    ) throws(ImageError) {
        // SAFETY: the entry is freed once, here; libarchive copies what it is given.
        guard let entry = unsafe archive_entry_new() else {
            throw .archiveUnwritten(path: path.string, reason: "no memory")
        }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname(entry, file.path)
        unsafe archive_entry_set_filetype(entry, 0o100000)
        unsafe archive_entry_set_perm(entry, 0o600)
        unsafe archive_entry_set_size(entry, Int64(file.bytes.count))
        unsafe archive_entry_set_mtime(entry, time_t(modified), 0)
        try checked(Int(unsafe archive_write_header(handle, entry)))
        guard !file.bytes.isEmpty else { return }
        try checked(unsafe file.bytes.withUnsafeBytes { unsafe archive_write_data(handle, $0.baseAddress, $0.count) })
    }
}
