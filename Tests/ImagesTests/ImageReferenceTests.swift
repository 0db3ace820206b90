import Testing

@testable import Images

@Suite struct ImageReferenceTests {
    @Test(
        "a name is completed as docker completes it, and kept as written",
        arguments: [
            ("debian", "debian:latest", "docker.io/library/debian:latest"),
            ("docker://debian:12", "debian:12", "docker.io/library/debian:12"),
            ("local/hello:v1", "local/hello:v1", "docker.io/local/hello:v1"),
            (
                "quay.io/containerdisks/fedora:40", "quay.io/containerdisks/fedora:40",
                "quay.io/containerdisks/fedora:40"
            ),
            ("localhost/a", "localhost/a:latest", "localhost/a:latest"),
            ("127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b:latest", "127.0.0.1:5000/a/b:latest"),
            ("[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000/a:latest"),
            ("index.docker.io/a", "index.docker.io/a:latest", "docker.io/library/a:latest"),
        ])
    func completed(written: String, local: String, canonical: String) throws {
        let reference = try ImageReference(written)
        #expect(reference.written == written)
        #expect(reference.localName == local)
        #expect(reference.canonicalName == canonical)
    }

    @Test("a digest wins over the tag when skopeo is asked, since it refuses both")
    func digestWins() throws {
        let digest = "sha256:" + String(repeating: "a1", count: 32)
        let reference = try ImageReference("quay.io/x/y:1@\(digest)")
        #expect(reference.canonicalName == "quay.io/x/y:1@\(digest)")
        #expect(reference.transport(pinnedTo: nil) == "docker://quay.io/x/y@\(digest)")
        #expect(try ImageReference("x").transport(pinnedTo: nil) == "docker://docker.io/library/x:latest")
    }

    @Test(
        "a name that no registry could have is refused",
        arguments: [
            "", "Upper", "a b", "a:", "a:-x", "-a", "a-", "a..b", "a___b", "/a", "a/", "a//b", "quay.io/",
            "x@sha256:12",
            "x@md5:00", "host.io:99999/a", "ho_st.io/a", "a:tag:tag", "../etc", "quay.io/../a", "a\0b",
            "oci:/etc/passwd",
            "--help", "docker://", "a:\(String(repeating: "t", count: 129))",
        ])
    func refused(_ written: String) {
        #expect(throws: ImageError.self) { try ImageReference(written) }
    }
}
