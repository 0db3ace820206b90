import Testing

@testable import NodeAgent

/// Durations as Go writes them.
@Suite struct GoDurationTests {
    @Test(
        "durations are read as Go reads them",
        arguments: [
            ("5m0s", 300), ("1h", 3600), ("1h5m0.5s", 3900), ("0", 0), ("1500ms", 1), ("-2s", -2), ("10", nil),
            ("", nil),
            ("5x", nil), ("s", nil), ("1..5s", nil),
        ])
    func seconds(text: String, expected: Int64?) {
        #expect(GoDuration.seconds(text) == expected)
    }
}
