import Testing

@testable import KubeVirtModel

@Suite struct MetadataValidationTests {
    @Test(
        "names are Kubernetes' names",
        arguments: [
            ("a", true), ("a-1.b", true), ("1", true), (String(repeating: "a", count: 253), true), ("", false),
            ("A", false), ("a_b", false), ("-a", false),
            ("a-", false), ("a..b", false), (".a", false), ("a/b", false), ("a\n", false), ("é", false), ("a b", false),
            (String(repeating: "a", count: 254), false),
        ])
    func subdomains(name: String, isSound: Bool) { #expect(KubernetesName.isSubdomain(name) == isSound) }

    @Test(
        "labels hold no dots and at most 63 letters",
        arguments: [
            ("a-b", true), ("a.b", false), (String(repeating: "a", count: 63), true),
            (String(repeating: "a", count: 64), false), ("a\0", false),
        ])
    func labels(name: String, isSound: Bool) { #expect(KubernetesName.isLabel(name) == isSound) }

    @Test(
        "wrong metadata are told by their field",
        arguments: [
            ("{}", "metadata.name: is missing: write one"), ("{name: ''}", "metadata.name: is missing: write one"),
            (
                "{name: Web}",
                "metadata.name: \"Web\" is no name: write at most 253 lower-case letters, digits and -, with a letter or digit at both ends"
            ),
            (
                "{name: a, namespace: b.c}",
                "metadata.namespace: \"b.c\" is no name: write at most 63 lower-case letters, digits and -, with a letter or digit at both ends"
            ),
            ("{name: a, uid: '../../etc'}", "metadata.uid: \"../../etc\" is no UUID: remove it, and one is made"),
            ("{name: 5}", "metadata.name: 5 is not a string: put it in quotes"),
            ("{name: a, labels: {x: true}}", "metadata.labels.x: true is not a string: put it in quotes"),
        ])
    func wrong(metadata: String, issue: String) {
        let text = Manifests.instance().replacing("{name: web}", with: metadata)
        #expect(Manifests.issues(text) == [issue])
    }
}
