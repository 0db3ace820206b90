import FoundationEssentials
import SystemPackage
import Testing

@testable import NodeAgent

@Suite struct LockFileTests {
    let bench: SessionBench

    init() throws { bench = try SessionBench() }

    @Test("a lock is held once, and free again with its last reference")
    func once() throws {
        let path = bench.path.appending("lock")
        var first = try LockFile.tryAcquire(path)
        #expect(first != nil)
        #expect(try LockFile.tryAcquire(path) == nil)
        withExtendedLifetime(first) {}
        first = nil
        #expect(try LockFile.tryAcquire(path) != nil)
    }

    @Test("a lock is not taken through a link, nor where there is no folder")
    func refused() throws {
        let target = bench.path.appending("target")
        let link = bench.path.appending("link")
        try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: target.string)
        let error = #expect(throws: AgentError.self) { try LockFile.tryAcquire(link) }
        #expect(error?.description.hasPrefix("cannot open \(link): ") == true)
        #expect(!bench.exists(target))
        #expect(throws: AgentError.self) { try LockFile.acquire(bench.path.appending("none").appending("lock")) }
    }
}
