import Testing

@testable import DomainPlan

@Suite struct DomainNameTests {
    @Test(
        "a domain is named by namespace and name",
        arguments: [("default", "web", "default_web"), ("a-b", "c.d", "a-b_c.d")])
    func short(namespace: String, name: String, domain: String) {
        #expect(DomainName.of(namespace: namespace, name: name) == domain)
    }

    @Test("a name of exactly 200 bytes stays whole")
    func boundary() {
        let name = String(repeating: "a", count: 200 - 8)
        #expect(DomainName.of(namespace: "default", name: name) == "default_\(name)")
        #expect(DomainName.of(namespace: "default", name: name + "a").utf8.count <= 200)
    }

    @Test("a longer name is cut and ends in a hash of the whole, the same in every version")
    func long() {
        let name = DomainName.of(namespace: String(repeating: "n", count: 63), name: String(repeating: "a", count: 253))
        #expect(name.utf8.count <= 200)
        #expect(name.hasPrefix(String(repeating: "n", count: 63) + "_aaa"))
        #expect(name.hasSuffix("a-1f5fbe2c7e0105"))
    }

    @Test("long names that differ only at their end stay apart")
    func distinct() {
        let names = (0..<500).map {
            DomainName.of(namespace: "default", name: String(repeating: "a", count: 240) + "\($0)")
        }
        #expect(Set(names).count == 500)
        #expect(names.allSatisfy { $0.utf8.count <= 200 })
    }
}
