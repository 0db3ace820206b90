import Glibc
import Synchronization

/// The standard streams, written whole: a line of one task never splits a line of another.
enum Standard {
    /// Whether something that belongs on the standard output could not be written there.
    static var outputFailed: Bool { failed.load(ordering: .relaxed) }
    private static let failed = Atomic(false)

    /// Prints a message. Control characters, which a tenant's text may hold, are shown, not sent to the terminal.
    static func error(_ line: String) { _ = write(visible(line) + "\n", to: STDERR_FILENO) }
    static func output(_ text: String) { output(Array(text.utf8)) }

    /// Prints a result; a reader that hung up wants no more, and any other failure counts.
    static func output(_ bytes: [UInt8]) {
        if !write(bytes, to: STDOUT_FILENO), errno != EPIPE { failed.store(true, ordering: .relaxed) }
    }

    /// The text with what a terminal would obey, or would not show, spelled out.
    static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
            // What turns the direction of writing, and what is no character.
            || (0x200E...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE
    }

    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                return false
            }
        }
        return true
    }
}
