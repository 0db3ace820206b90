import Testing

@testable import KubernetesModel

@Suite struct TimestampTests {
    @Test(
        "a moment is read in RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-31T12:00:00Z", 1_769_860_800),
            ("2026-01-31T14:00:00+02:00", 1_769_860_800),
            ("2024-02-29T23:59:59Z", 1_709_251_199), ("2026-01-31T12:00:00.9Z", 1_769_860_800),
        ] as [(String, Int64)])
    func reads(text: String, seconds: Int64) {
        var context = DecodingContext()
        #expect(Timestamp.decode(.string(text), &context)?.seconds == seconds)
        #expect(context.issues.isEmpty)
    }

    @Test(
        "it is written in UTC and whole seconds",
        arguments: [(0, "1970-01-01T00:00:00Z"), (1_769_860_800, "2026-01-31T12:00:00Z")] as [(Int64, String)])
    func writes(seconds: Int64, text: String) { #expect(Timestamp(seconds: seconds).encode() == .string(text)) }

    @Test("what is no moment is refused", arguments: ["", "now", "2026-13-01T00:00:00Z", "2026-01-31", "1769860800"])
    func refused(text: String) {
        var context = DecodingContext(path: "metadata.creationTimestamp")
        #expect(Timestamp.decode(.string(text), &context) == nil)
        #expect(context.issues.map(\.path) == ["metadata.creationTimestamp"])
    }

    @Test("an earlier moment is the smaller one")
    func order() { #expect(Timestamp(seconds: 1) < Timestamp(seconds: 2)) }
}
