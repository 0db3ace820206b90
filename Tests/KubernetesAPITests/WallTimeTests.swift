import Testing

@testable import KubernetesAPI

@Suite struct WallTimeTests {
    @Test(
        "times are read with fractions and offsets",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-31T12:00:00Z", 1_769_860_800_000_000),
            ("2026-01-31T12:00:00.5Z", 1_769_860_800_500_000), ("2026-01-31T12:00:00.1234567Z", 1_769_860_800_123_456),
            ("2026-01-31T14:00:00+02:00", 1_769_860_800_000_000), ("2024-02-29T00:00:00z", 1_709_164_800_000_000),
        ] as [(String, Int64)])
    func reads(text: String, microseconds: Int64) {
        #expect(WallTime(text)?.microseconds == microseconds)
    }

    @Test(
        "what is no time is refused",
        arguments: ["", "now", "2026-01-31", "2026-13-31T12:00:00Z", "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z"])
    func refuses(text: String) { #expect(WallTime(text) == nil) }

    @Test("a time survives being written")
    func writes() {
        let time = WallTime(microseconds: 1_769_860_800_000_042)
        #expect(time.microText == "2026-01-31T12:00:00.000042Z")
        #expect(WallTime(time.microText) == time)
        #expect(time.text == "2026-01-31T12:00:00Z")
    }
}
