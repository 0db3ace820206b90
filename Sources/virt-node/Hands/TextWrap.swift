import Glibc

/// Lines for a reader at a terminal; elsewhere a line stays one line, for grep.
enum TextWrap {
    /// Columns of the terminal that the output goes to; nil where it goes to none.
    static var width: Int? {
        var size = winsize()
        guard Standard.outputIsTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// The text in lines of at most `limit`, broken between words; a longer word stays whole.
    static func lines(_ text: String, limit: Int) -> [String] {
        guard text.count > limit else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.count + 1 + word.count > limit {
                lines.append(line)
                line = String(word)
            } else {
                line += line.isEmpty ? String(word) : " \(word)"
            }
        }
        return lines + [line]
    }
}
