import Crypto
import Glibc
import SystemPackage

/// Writes a file out of blocks in rising order, leaves holes where they hold only zeros, and hashes what a reader of
/// the file will see.
struct SparseFileWriter: ~Copyable {
    private static let granule = 4096
    private static let zeros = [UInt8](repeating: 0, count: granule)

    private let path: FilePath
    private let descriptor: FileDescriptor
    /// Nil where nobody wants the digest.
    private var hash: SHA256?
    /// Apparent bytes so far.
    private(set) var size: Int64 = 0
    /// Bytes that were really written.
    private(set) var storedBytes: Int64 = 0

    /// Creates the file, which must not exist.
    init(_ path: FilePath, hashes: Bool = true) throws(ImageError) {
        self.path = path
        hash = hashes ? SHA256() : nil
        descriptor = try FileSystem.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow],
            permissions: FilePermissions(rawValue: 0o600))
    }

    deinit { try? descriptor.close() }

    /// Continues the file with zeros up to `end`, as a hole.
    mutating func skip(to end: Int64) {
        guard hash != nil else { return size = max(size, end) }
        while size < end {
            let count = Int(min(end - size, Int64(Self.granule)))
            // SAFETY: `count` is at most the size of `zeros`.
            unsafe Self.zeros.withUnsafeBytes {
                unsafe hash?.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
            size += Int64(count)
        }
    }

    /// Continues the file with the bytes of `block`.
    mutating func append(_ block: UnsafeRawBufferPointer) throws(ImageError) {
        // SAFETY: every range lies within `block`, which the caller keeps alive.
        unsafe hash?.update(bufferPointer: block)
        var start = 0
        while start < block.count {
            var end = unsafe boundary(block, after: start)
            guard unsafe !isZero(block, start..<end) else {
                start = end
                continue
            }
            // Granules with data are written together.
            while end < block.count {
                let next = unsafe boundary(block, after: end)
                if unsafe isZero(block, end..<next) { break }
                end = next
            }
            try unsafe write(UnsafeRawBufferPointer(rebasing: block[start..<end]), at: size + Int64(start))
            start = end
        }
        size += Int64(block.count)
    }

    /// Sets the length, waits for the disk and returns the digest of the content, where it was wanted.
    mutating func finish() throws(ImageError) -> ImageDigest? {
        try FileSystem.wrapped("ftruncate", path) { try descriptor.resize(to: size) }
        try FileSystem.wrapped("fsync", path) {
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        return hash.map { ImageDigest(bytes: Array($0.finalize())) }
    }

    /// The end of the granule of the file that `start` of the block lies in.
    private func boundary(_ block: UnsafeRawBufferPointer, after start: Int) -> Int {
        let position = size + Int64(start)
        let rest = Self.granule - Int(position % Int64(Self.granule))
        return min(block.count, start + rest)
    }

    private func isZero(_ block: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        // SAFETY: a range is at most one granule and lies within the block.
        unsafe Self.zeros.withUnsafeBytes { zeros in
            guard let ours = block.baseAddress, let zero = zeros.baseAddress else { return true }
            return unsafe memcmp(ours + range.lowerBound, zero, range.count) == 0
        }
    }

    private mutating func write(_ block: UnsafeRawBufferPointer, at offset: Int64) throws(ImageError) {
        // SAFETY: the slices lie within `block`.
        var done = 0
        while done < block.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: block[done...])
            done += try FileSystem.wrapped("write", path) {
                try unsafe descriptor.write(toAbsoluteOffset: offset + Int64(done), rest)
            }
        }
        storedBytes += Int64(done)
    }
}
