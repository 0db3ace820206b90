internal import Glibc
internal import HostModel
internal import Libvirt

/// Gives memory back that a daemon at rest does not need: most of its resident pages are code that only starts run, of this
/// program and of libvirt's libraries.
///
/// The pages stay in the kernel's cache, and one that is needed after all is mapped again at its first use. Only mappings of
/// files without a single changed page are touched, so nothing can be lost.
enum ResidentPages {
    static func giveBack() {
        for mapping in mappings() where mapping.isClean {
            madvise(UnsafeMutableRawPointer(bitPattern: mapping.start), Int(mapping.end - mapping.start), MADV_DONTNEED)
        }
        Heap.trim()
    }

    private struct Mapping {
        var start: UInt
        var end: UInt
        var isReadOnlyFile: Bool
        var hasOwnPages = true

        var isClean: Bool { isReadOnlyFile && !hasOwnPages }

        /// `7f31c0000000-7f31c0021000 r-xp 00000000 fe:00 42 /usr/lib/x.so`; nil for the lines below such a one.
        init?(_ line: Substring) {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count >= 5, let dash = words[0].firstIndex(of: "-"),
                let start = UInt(words[0][..<dash], radix: 16),
                let end = UInt(words[0][words[0].index(after: dash)...], radix: 16)
            else { return nil }
            self.start = start
            self.end = end
            isReadOnlyFile = ["r-xp", "r--p"].contains(words[1]) && words.count > 5 && words[5].hasPrefix("/")
        }
    }

    private static func mappings() -> [Mapping] {
        var found: [Mapping] = []
        for line in HostRoot().lines("/proc/self/smaps") {
            if let mapping = Mapping(line) {
                found.append(mapping)
            } else if line.hasPrefix("Anonymous:"), !found.isEmpty {
                // Pages of its own, such as those that the loader relocated.
                found[found.count - 1].hasOwnPages = !line.hasSuffix(" 0 kB")
            }
        }
        return found
    }
}
