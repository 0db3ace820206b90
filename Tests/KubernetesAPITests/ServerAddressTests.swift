import Testing

@testable import KubernetesAPI

@Suite struct ServerAddressTests {
    @Test(
        "addresses are taken apart",
        arguments: [
            ("https://a", "a", 443, "", "https://a:443"),
            ("http://a:8080/base/", "a", 8080, "/base", "http://a:8080/base"),
            ("https://[fd00::1]:6443", "fd00::1", 6443, "", "https://[fd00::1]:6443"),
        ])
    func parts(url: String, host: String, port: Int, path: String, base: String) throws {
        let address = try ServerAddress(url)
        #expect(address.host == host && address.port == port && address.path == path)
        #expect(address.base(as: nil) == base)
    }

    @Test("what is no address is refused", arguments: ["", "a:1", "ftp://a", "https://", "https://a:0", "https://u@a"])
    func refused(url: String) { #expect(throws: APIError.self) { try ServerAddress(url) } }

    @Test("texts are written into URLs without changing them")
    func encodes() {
        #expect(PercentEncoding.encode("/run/a b") == "%2Frun%2Fa%20b")
        #expect(PercentEncoding.query([("labelSelector", "a=b,c"), ("x", "ü")]) == "?labelSelector=a%3Db%2Cc&x=%C3%BC")
    }
}
