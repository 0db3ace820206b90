import Testing

@testable import NodeAgent

@Suite struct SecretScrubberTests {
    @Test(
        "what looks like a secret is taken out, and what stands beside it stays",
        arguments: [
            ("<graphics type='vnc' passwd='hunter2' port='1'/>", "<graphics type='vnc' passwd='REMOVED' port='1'/>"),
            (#"{"password": "a \"quoted\" one", "x": 1}"#, #"{"password": "REMOVED", "x": 1}"#),
            ("--set api.token=abcdef --next", "--set api.token=REMOVED --next"),
            ("root_password: s3cret", "root_password: REMOVED"),
            ("API-Key = 12345678", "API-Key = REMOVED"),
            ("Authorization: Basic Zm9vOmJhcg== and more", "Authorization: REMOVED"),
            ("curl -H 'x: Bearer abcdefghijk' y", "curl -H 'x: Bearer REMOVED' y"),
            ("from https://user:pass@example.org/x", "from https://REMOVED@example.org/x"),
            ("t eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJr.c2ln end", "t REMOVED end"),
            ("k=-----BEGIN EC PRIVATE KEY-----\\nAAAA\\n-----END EC PRIVATE KEY----- x", "k=REMOVED x"),
            ("a\n-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\n-----END PRIVATE KEY-----\nb", "a\nREMOVED\nb"),
        ])
    func patterns(text: String, expected: String) { #expect(SecretScrubber().scrub(text) == expected) }

    @Test(
        "what is none stays",
        arguments: [
            "imagePullSecret: registry-login", #"{"secretRef": {"name": "seed"}, "secretName": "keys"}"#,
            #"-object {"qom-type":"secret","id":"masterKey0"}"#, "600 0:0 64 1700000000 local/token",
            "image docker://127.0.0.1:5000/x:1", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "/etc/passwd", "", "\n\n", "žluťoučký 🐎",
        ])
    func innocent(text: String) { #expect(SecretScrubber().scrub(text) == text) }

    @Test("a secret that is known is taken out wherever it stands")
    func known() {
        var scrubber = SecretScrubber()
        for secret in ["  correct horse\n", "correct horse battery", "short", ""] { scrubber.learn(secret) }
        var other = SecretScrubber()
        other.learn("elsewhere-known")
        scrubber.learn(from: other)
        #expect(
            scrubber.scrub("xcorrect horsex correct horse battery elsewhere-known short correct horse")
                == "xREMOVEDx REMOVED REMOVED short REMOVED")
    }
}
