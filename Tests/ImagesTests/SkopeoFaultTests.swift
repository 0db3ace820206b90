import Testing

@testable import Images

@Suite struct SkopeoFaultTests {
    @Test(
        "skopeo's words are understood",
        arguments: [
            (
                #"time="2026-01-01T00:00:00Z" level=fatal msg="Error parsing image name \"docker://x\": pinging container registry 127.0.0.1:1: Get \"https://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused""#,
                SkopeoFault.Kind.unreachable
            ),
            (#"level=fatal msg="... http: server gave HTTP response to HTTPS client""#, .plainHTTP),
            (#"level=fatal msg="x509: certificate signed by unknown authority""#, .certificate),
            (#"level=fatal msg="reading manifest 2 in a/b: manifest unknown""#, .notFound),
            (#"level=fatal msg="unable to retrieve auth token: invalid username/password: unauthorized""#, .denied),
            (#"level=fatal msg="Digest did not match, expected sha256:1, got sha256:2""#, .digest),
            (#"level=fatal msg="writing blob: write /x: no space left on device""#, .diskFull),
            (#"level=fatal msg="writing blob: write /x: file too large""#, .tooLarge),
            ("prlimit: failed to execute skopeo: No such file or directory", .missing),
            ("", .other),
        ])
    func kinds(text: String, kind: SkopeoFault.Kind) { #expect(SkopeoFault(text).kind == kind) }

    @Test("the reason is the fatal message, without time, level and escapes")
    func reason() {
        let text = "time=\"t\" level=warning msg=\"w\"\ntime=\"t\" level=fatal msg=\"a \\\"b\\\" c\"\n"
        #expect(SkopeoFault(text).reason == "a \"b\" c")
        #expect(SkopeoFault("plain words").reason == "plain words")
    }
}
