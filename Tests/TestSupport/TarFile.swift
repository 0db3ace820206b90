/// Builds tar files byte by byte, hostile ones too.
package struct TarFile {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package func file(_ name: String, _ content: [UInt8] = []) -> TarFile { adding(name, "0", content: content) }
    package func folder(_ name: String) -> TarFile { adding(name, "5") }
    package func symlink(_ name: String, to target: String) -> TarFile { adding(name, "2", link: target) }
    package func hardLink(_ name: String, to target: String) -> TarFile { adding(name, "1", link: target) }
    package func device(_ name: String) -> TarFile { adding(name, "3") }
    package func pipe(_ name: String) -> TarFile { adding(name, "6") }

    /// A file that a pax header names, so that any byte can be in it.
    package func paxFile(_ name: [UInt8], _ content: [UInt8]) -> TarFile {
        let body = Array("path=".utf8) + name + [10]
        var length = body.count + 2
        while "\(length) ".utf8.count + body.count != length { length += 1 }
        return adding("pax", "x", content: Array("\(length) ".utf8) + body).adding("short", "0", content: content)
    }

    /// A header that promises `size` bytes, without them.
    package func promise(_ name: String, size: Int) -> TarFile {
        var copy = self
        copy.bytes += Self.header(name, "0", size: size, link: "")
        return copy
    }

    /// With the two empty blocks that end a tar file.
    package var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    private func adding(_ name: String, _ type: Character, content: [UInt8] = [], link: String = "") -> TarFile {
        var copy = self
        copy.bytes += Self.header(name, type, size: content.count, link: link) + content
        copy.bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
        return copy
    }

    private static func header(_ name: String, _ type: Character, size: Int, link: String) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.prefix(100).enumerated() { header[offset + index] = byte }
        }
        func octal(_ value: Int, _ width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        put(name, at: 0)
        put(octal(0o644, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(size, 11), at: 124)
        put(octal(0, 11), at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put(link, at: 157)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
        header[154] = 0
        return header
    }
}
