import Testing

@testable import Images

@Suite struct ImageDigestTests {
    @Test(
        "the digests of FIPS 180-4's examples come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func examples(text: String, hex: String) { #expect(ImageDigest.of(text.utf8).hex == hex) }

    @Test(
        "a digest of another algorithm, length or case is none",
        arguments: [
            "md5:00", "sha256:", "sha256:\(String(repeating: "A", count: 64))",
            "sha256:\(String(repeating: "g", count: 64))",
            "sha256:\(String(repeating: "a", count: 63))", String(repeating: "a", count: 64),
        ])
    func malformed(text: String) { #expect(ImageDigest(text) == nil) }
}
