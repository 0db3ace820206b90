import Glibc

/// The standard streams, written whole: a line of one task never splits a line of another.
enum Standard {
    static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }
    static func output(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func output(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                return
            }
        }
    }
}
