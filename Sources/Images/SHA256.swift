/// SHA-256 (FIPS 180-4) over a stream of blocks.
///
/// Written here because the package links no cryptography library: a digest names files in the store and tells a
/// changed manifest from an unchanged one; whether a download is what the registry promised is checked by skopeo.
struct SHA256 {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0
    private var schedule = [UInt32](repeating: 0, count: 64)

    mutating func update(_ bytes: [UInt8]) {
        // SAFETY: the buffer is used only inside the closure.
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Adds the bytes of `buffer`, which is not kept.
    mutating func update(_ buffer: UnsafeRawBufferPointer) {
        // SAFETY: every index is below `buffer.count`.
        length &+= UInt64(buffer.count)
        var start = 0
        if !pending.isEmpty {
            start = min(64 - pending.count, buffer.count)
            unsafe pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<start]))
            guard pending.count == 64 else { return }
            let block = pending
            pending.removeAll(keepingCapacity: true)
            unsafe block.withUnsafeBytes { unsafe compress($0) }
        }
        let whole = (buffer.count - start) / 64 * 64
        if whole > 0 {
            unsafe compress(UnsafeRawBufferPointer(rebasing: buffer[start..<start + whole]))
        }
        unsafe pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[(start + whole)...]))
    }

    /// The 32 bytes of the digest.
    mutating func finalize() -> [UInt8] {
        let bits = length &* 8
        let padding = (pending.count < 56 ? 56 : 120) - pending.count
        var tail = [UInt8](repeating: 0, count: padding + 8)
        tail[0] = 0x80
        for index in 0..<8 { tail[padding + index] = UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * index)) }
        update(tail)
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    /// Runs the compression function over whole blocks of 64 bytes.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        // SAFETY: `blocks.count` is a multiple of 64, `schedule` and the constants hold 64 words.
        unsafe schedule.withUnsafeMutableBufferPointer { w in
            unsafe state.withUnsafeMutableBufferPointer { state in
                unsafe Self.constants.withUnsafeBufferPointer { k in
                    var offset = 0
                    while offset < blocks.count {
                        unsafe Self.expand(blocks, at: offset, into: w)
                        unsafe Self.round(state, w, k)
                        offset &+= 64
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func expand(
        _ blocks: UnsafeRawBufferPointer, at offset: Int, into w: UnsafeMutableBufferPointer<UInt32>
    ) {
        // SAFETY: the caller guarantees 64 bytes at `offset` and 64 words in `w`.
        for index in 0..<16 {
            unsafe w[index] = UInt32(
                bigEndian: blocks.loadUnaligned(fromByteOffset: offset &+ index &* 4, as: UInt32.self))
        }
        for index in 16..<64 {
            let a = unsafe w[index &- 15]
            let b = unsafe w[index &- 2]
            let first = rotate(a, 7) ^ rotate(a, 18) ^ (a &>> 3)
            let second = rotate(b, 17) ^ rotate(b, 19) ^ (b &>> 10)
            unsafe w[index] = w[index &- 16] &+ first &+ w[index &- 7] &+ second
        }
    }

    @inline(__always)
    private static func round(
        _ state: UnsafeMutableBufferPointer<UInt32>, _ w: UnsafeMutableBufferPointer<UInt32>,
        _ k: UnsafeBufferPointer<UInt32>
    ) {
        // SAFETY: the caller passes 8, 64 and 64 words.
        var (a, b, c, d) = unsafe (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = unsafe (state[4], state[5], state[6], state[7])
        var index = 0
        while index < 64 {
            let choice = g ^ (e & (f ^ g))
            let first = unsafe h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ k[index] &+ w[index]
            let majority = (a & b) | (c & (a | b))
            let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
            index &+= 1
        }
        // Written out: an array of the eight would be allocated for each block.
        unsafe state[0] &+= a
        unsafe state[1] &+= b
        unsafe state[2] &+= c
        unsafe state[3] &+= d
        unsafe state[4] &+= e
        unsafe state[5] &+= f
        unsafe state[6] &+= g
        unsafe state[7] &+= h
    }

    @inline(__always)
    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        (value &>> count) | (value &<< (32 &- count))
    }

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
