import SystemPackage

/// One line at a terminal.
struct DensityProgress: Sendable {
    private let count: Int

    init(_ count: Int) { self.count = count }

    func show(running: Int, gone: Int) { put("\r\(running) of \(count) ran, \(gone) are gone ") }
    func finish() { put("\r\u{1B}[K") }

    /// A line that cannot be shown is missed by nobody.
    private func put(_ text: String) {
        if Standard.errorIsTerminal { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
    }
}
