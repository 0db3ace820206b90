import SystemPackage

/// The formats a file of an image may have.
package enum ImageFormat: String, Codable, Hashable, Sendable {
    case qcow2
    case raw
    /// No disk: a kernel, an initrd or the like.
    case plain
}

/// Tells the format of a disk by its bytes, and refuses all but raw and qcow2.
///
/// The answer is recorded and given to QEMU explicitly: were a raw disk probed again at each start, its guest could
/// write the header of another format into it and so reach files of the node.
enum DiskProbe {
    struct Finding: Hashable, Sendable {
        let format: ImageFormat
        /// Bytes the guest sees.
        let virtualSize: Int64
    }

    /// How much of a file's start is looked at: the largest cluster, which holds every qcow2 extension.
    static let startBytes = 2 << 20
    /// How much of its end.
    static let endBytes = 512

    /// Judges a file on the host by its bytes.
    static func judge(
        _ host: FilePath, size: Int64, path: String, image: String, limits: ImageLimits
    ) throws(ImageError) -> Finding {
        let start = try FileSystem.read(host, limit: startBytes)
        let end = try FileSystem.read(host, from: max(0, size - Int64(endBytes)), limit: endBytes)
        return try judge(start: start, end: end, size: size, path: path, image: image, limits: limits)
    }

    /// Judges `path` of `image` by the first `startBytes` and the last `endBytes` of its `size` bytes.
    static func judge(
        start: [UInt8], end: [UInt8], size: Int64, path: String, image: String, limits: ImageLimits
    ) throws(ImageError) -> Finding {
        guard size > 0 else { throw .formatRefused(image: image, path: path, format: "'empty file'") }
        let finding: Finding
        if start.starts(with: QCOW2Header.magic) {
            do {
                let header = try QCOW2Header(start, fileSize: UInt64(size))
                finding = Finding(format: .qcow2, virtualSize: Int64(clamping: header.virtualSize))
            } catch .version(1) {
                throw .formatRefused(image: image, path: path, format: "qcow")
            } catch {
                throw .qcow2Refused(image: image, path: path, fault: error)
            }
        } else if let format = otherFormat(start: start, end: end) {
            throw .formatRefused(image: image, path: path, format: format)
        } else {
            // QEMU shows a raw disk in whole sectors.
            finding = Finding(format: .raw, virtualSize: (size + 511) / 512 * 512)
        }
        guard finding.virtualSize <= limits.virtualBytes else {
            throw .limitExceeded(
                image: image, limit: .virtualBytes, found: finding.virtualSize, allowed: limits.virtualBytes)
        }
        return finding
    }

    private static func otherFormat(start: [UInt8], end: [UInt8]) -> String? {
        let known = magics.first { magic in
            start.dropFirst(magic.offset).starts(with: magic.bytes)
        }
        if let known { return known.format }
        if end.starts(with: Array("conectix".utf8)) { return "vhd" }
        return end.starts(with: Array("koly".utf8)) ? "dmg" : nil
    }

    /// The magic numbers QEMU probes for, and packed files, which people push by mistake.
    private static let magics: [(format: String, offset: Int, bytes: [UInt8])] = [
        ("vmdk", 0, Array("KDMV".utf8)),
        ("vmdk", 0, Array("COWD".utf8)),
        ("vmdk", 0, Array("# Disk DescriptorFile".utf8)),
        ("vhdx", 0, Array("vhdxfile".utf8)),
        ("vhd", 0, Array("conectix".utf8)),
        ("vdi", 64, [0x7f, 0x10, 0xda, 0xbe]),
        ("qed", 0, Array("QED\0".utf8)),
        ("luks", 0, Array("LUKS".utf8) + [0xba, 0xbe]),
        ("parallels", 0, Array("WithoutFreeSpace".utf8)),
        ("parallels", 0, Array("WithouFreSpacExt".utf8)),
        ("bochs", 0, Array("Bochs Virtual HD Image".utf8)),
        ("cloop", 0, Array("#!/bin/sh\n#V2.0 Format".utf8)),
        ("gzip", 0, [0x1f, 0x8b, 0x08]),
        ("xz", 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
        ("zstd", 0, [0x28, 0xb5, 0x2f, 0xfd]),
    ]
}
