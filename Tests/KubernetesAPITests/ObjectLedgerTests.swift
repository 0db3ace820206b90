import KubernetesModel
import Testing

@testable import KubernetesAPI

@Suite struct ObjectLedgerTests {
    private func object(_ version: String, name: String = "a") throws -> DocumentNode {
        try Sample.node(#"{"metadata":{"name":"\#(name)","resourceVersion":"\#(version)"}}"#)
    }

    @Test("what comes twice or late is no news")
    func duplicates() throws {
        var ledger = ObjectLedger()
        ledger.replace([try object("5")])
        let news = try ["5", "4", "6", "6", "5", "10", "9"].map { ledger.isNews(try object($0)) }
        #expect(news == [false, false, true, false, false, true, false])
        #expect(ledger.isNews(try object("1", name: "b")))
    }

    @Test("what was deleted does not come back by a late event, but by a new object")
    func deletions() throws {
        var ledger = ObjectLedger()
        ledger.replace([try object("5")])
        #expect(!ledger.isRemoval(try object("4")))
        #expect(ledger.isRemoval(try object("7")))
        #expect(!ledger.isRemoval(try object("7")))
        #expect(!ledger.isNews(try object("6")))
        #expect(ledger.isNews(try object("8")))
    }

    @Test("versions that are no numbers are all news")
    func opaque() throws {
        var ledger = ObjectLedger()
        #expect(ledger.isNews(try object("b")))
        #expect(ledger.isNews(try object("a")))
        #expect(ledger.isRemoval(try object("a")))
    }
}
