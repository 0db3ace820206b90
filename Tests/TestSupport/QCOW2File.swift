/// Builds the bytes of a small qcow2 file, whose header a test then damages.
package struct QCOW2File {
    package var bytes: [UInt8]

    /// An empty disk with clusters of 64 KiB.
    package init(version: UInt32 = 3, virtualSize: UInt64 = 1 << 20) {
        bytes = [UInt8](repeating: 0, count: 4 * 65536)
        bytes.replaceSubrange(0..<4, with: [0x51, 0x46, 0x49, 0xfb])
        set(4, word: version)
        set(20, word: 16)
        set(24, long: virtualSize)
        set(36, word: 1)
        set(40, long: 3 * 65536)
        set(48, long: 65536)
        set(56, word: 1)
        if version == 3 {
            set(96, word: 4)
            set(100, word: 104)
        }
    }

    package mutating func set(_ offset: Int, word: UInt32) {
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * index)) }
    }

    package mutating func set(_ offset: Int, long: UInt64) {
        set(offset, word: UInt32(truncatingIfNeeded: long >> 32))
        set(offset + 4, word: UInt32(truncatingIfNeeded: long))
    }

    package func with(_ change: (inout QCOW2File) -> Void) -> QCOW2File {
        var copy = self
        change(&copy)
        return copy
    }

    package func backed(by name: String) -> QCOW2File {
        with { file in
            file.set(8, long: 512)
            file.set(16, word: UInt32(name.utf8.count))
            file.bytes.replaceSubrange(512..<512 + name.utf8.count, with: Array(name.utf8))
        }
    }
}

/// Bytes that no format's magic begins and that are not zero.
package func rawDisk(_ count: Int, seed: UInt8 = 7) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) | 1 ^ seed }
}
