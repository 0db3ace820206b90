import CArchive
import Glibc
package import SystemPackage

/// Writes a small ISO 9660 medium with Rock Ridge and Joliet names, for cloud-init, configMaps, secrets and the like.
///
/// The same files give the same bytes but for the volume's creation time, which libarchive takes from the clock.
package struct ISO9660Image: Sendable {
    package struct File: Hashable, Sendable {
        /// Relative, with `/` between its parts.
        package let path: String
        package let bytes: [UInt8]
        package let mode: UInt16

        package init(path: String, bytes: [UInt8], mode: UInt16 = 0o644) {
            self.path = path
            self.bytes = bytes
            self.mode = mode
        }
    }

    /// At most 32 of `A-Z a-z 0-9 _ -`, such as `cidata` or `config-2`.
    package let volumeID: String
    package let files: [File]

    /// Checks names, which may come from a tenant. Throws `ImageError.mediumRefused`.
    package init(volumeID: String, files: [File]) throws(ImageError) {
        guard (1...32).contains(volumeID.utf8.count), volumeID.utf8.allSatisfy(Self.isPlain) else {
            throw .mediumRefused(path: volumeID, reason: "a volume id is 1 to 32 letters, digits, '_' and '-'")
        }
        var seen: Set<String> = []
        for file in files {
            try Self.check(file.path)
            guard seen.insert(file.path).inserted else {
                throw .mediumRefused(path: file.path, reason: "it is given twice")
            }
        }
        for path in seen {
            var parts = path.split(separator: "/")
            while parts.popLast() != nil, !parts.isEmpty {
                guard !seen.contains(parts.joined(separator: "/")) else {
                    throw .mediumRefused(path: path, reason: "one of its folders is given as a file")
                }
            }
        }
        self.volumeID = volumeID
        self.files = files.sorted { $0.path < $1.path }
    }

    /// Writes the medium to a path where nothing is, with exactly `permissions`; on an error nothing stays there.
    ///
    /// Blocks for some milliseconds.
    package func write(to path: FilePath, permissions: FilePermissions = FilePermissions(rawValue: 0o600))
        throws(ImageError)
    {
        let descriptor = try FileSystem.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .noFollow],
            permissions: FilePermissions(rawValue: 0o600))
        defer { try? descriptor.close() }
        do throws(ImageError) {
            try fill(descriptor, path)
            try FileSystem.setPermissions(descriptor, path, permissions.rawValue)
        } catch {
            _ = try? FileSystem.unlink(path)
            throw error
        }
    }

    private func fill(_ descriptor: FileDescriptor, _ path: FilePath) throws(ImageError) {
        // SAFETY: the handle is freed once, here, after its last use; strings and bytes outlive the calls.
        guard let handle = unsafe archive_write_new() else {
            throw .mediumUnwritten(path: path.string, reason: "no memory")
        }
        defer { unsafe archive_write_free(handle) }
        func checked(_ result: Int) throws(ImageError) {
            guard result < 0 else { return }
            let text = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
            throw .mediumUnwritten(path: path.string, reason: text ?? "unknown fault")
        }
        try checked(Int(unsafe archive_write_set_format_iso9660(handle)))
        let options = "volume-id=\(volumeID),joliet=long,rockridge=useful,!pad,application-id=virt-node"
        try checked(Int(unsafe archive_write_set_options(handle, options)))
        try checked(Int(unsafe archive_write_open_fd(handle, descriptor.rawValue)))
        for folder in folders { try unsafe add(folder, folder: true, mode: 0o755, [], to: handle, checked) }
        for file in files { try unsafe add(file.path, folder: false, mode: file.mode, file.bytes, to: handle, checked) }
        try checked(Int(unsafe archive_write_close(handle)))
    }

    private func add(
        _ path: String, folder: Bool, mode: UInt16, _ bytes: [UInt8], to handle: OpaquePointer,
        _ checked: (Int) throws(ImageError) -> Void
    ) throws(ImageError) {
        // SAFETY: the entry is freed once, here; libarchive copies what it is given.
        guard let entry = unsafe archive_entry_new() else {
            throw .mediumUnwritten(path: path, reason: "no memory")
        }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname(entry, path)
        unsafe archive_entry_set_filetype(entry, folder ? 0o040000 : 0o100000)
        unsafe archive_entry_set_perm(entry, mode_t(mode))
        unsafe archive_entry_set_size(entry, Int64(bytes.count))
        // One fixed time for all: 1980-01-01, which every reader can show.
        unsafe archive_entry_set_mtime(entry, 315_532_800, 0)
        unsafe archive_entry_set_nlink(entry, folder ? 2 : 1)
        try checked(Int(unsafe archive_write_header(handle, entry)))
        guard !bytes.isEmpty else { return }
        try checked(unsafe bytes.withUnsafeBytes { unsafe archive_write_data(handle, $0.baseAddress, $0.count) })
    }

    /// All folders above the files, parents first.
    private var folders: [String] {
        let all = files.flatMap { file in
            let parts = file.path.split(separator: "/").dropLast()
            return parts.indices.map { parts[...$0].joined(separator: "/") }
        }
        return Set(all).sorted()
    }

    /// Joliet bounds a name to 103 letters, ISO 9660 a path to 8 folders.
    private static func check(_ path: String) throws(ImageError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.hasPrefix("/"), path.utf8.count <= 240 else {
            throw .mediumRefused(path: path, reason: "a path is relative and has 1 to 240 letters")
        }
        guard parts.count <= 8 else { throw .mediumRefused(path: path, reason: "it lies in more than 7 folders") }
        for part in parts {
            guard part != "..", part != ".", (1...103).contains(part.utf8.count) else {
                throw .mediumRefused(path: path, reason: "each part has 1 to 103 letters and is neither '.' nor '..'")
            }
            guard part.utf8.allSatisfy({ (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }) else {
                throw .mediumRefused(path: path, reason: "only printable ASCII letters but '\\' are allowed")
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
