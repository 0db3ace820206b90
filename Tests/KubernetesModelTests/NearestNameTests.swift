import Testing

@testable import KubernetesModel

@Suite struct NearestNameTests {
    private static let names = ["cpu", "memory", "devices", "firmware", "machine", "terminationGracePeriodSeconds"]

    @Test(
        "a slip of the finger is understood",
        arguments: [
            ("cpus", "cpu"), ("CPU", "cpu"), ("cup", "cpu"), ("memroy", "memory"), ("mem0ry", "memory"),
            ("device", "devices"),
            ("firmwares", "firmware"), ("mahcine", "machine"),
            ("terminationGracePeriod", "terminationGracePeriodSeconds"),
        ])
    func slips(name: String, meant: String) { #expect(NearestName.of(name, among: Self.names) == meant) }

    @Test("what is too far from every name is not guessed", arguments: ["x", "", "disk", "network", "spec", "é"])
    func strangers(name: String) { #expect(NearestName.of(name, among: Self.names) == nil) }

    @Test("a name of any length is compared")
    func long() {
        #expect(NearestName.of(String(repeating: "c", count: 100_000), among: ["cpu"]) == nil)
        #expect(NearestName.of("a", among: []) == nil)
    }
}
