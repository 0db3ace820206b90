/// How far a pull or an import is.
package struct ImageProgress: Codable, Hashable, Sendable {
    package enum Phase: String, Codable, Hashable, Sendable {
        /// Another process pulls the same image; its result is awaited.
        case waiting
        case resolving, downloading, extracting
    }

    package let phase: Phase
    /// Bytes downloaded, or packed bytes read while extracting.
    package let completedBytes: Int64
    /// Nil while unknown.
    package let totalBytes: Int64?

    package init(phase: Phase, completedBytes: Int64 = 0, totalBytes: Int64? = nil) {
        self.phase = phase
        self.completedBytes = completedBytes
        self.totalBytes = totalBytes
    }
}

/// Hears of progress; called on any thread, in order, and must return at once.
package typealias ImageProgressListener = @Sendable (ImageProgress) -> Void
