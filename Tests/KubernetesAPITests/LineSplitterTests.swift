import Testing

@testable import KubernetesAPI

@Suite struct LineSplitterTests {
    @Test("lines come out whole however the bytes are cut, and half a line is none", arguments: 1...7)
    func cuts(size: Int) {
        let bytes = Array("one\ntwo\r\n\n\nthree\nhalf".utf8)
        var splitter = LineSplitter(limit: 100)
        var lines: [LineSplitter.Line] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += splitter.append(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(lines == [.text("one"), .text("two\r"), .text("three")])
    }

    @Test("a line that is too long is counted and skipped, and the next one is read", arguments: [1, 4, 1000])
    func tooLong(size: Int) {
        let bytes = Array("ok\n0123456789abcdef\nalso\n".utf8)
        var splitter = LineSplitter(limit: 10)
        var lines: [LineSplitter.Line] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += splitter.append(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(lines == [.text("ok"), .tooLong(bytes: 16), .text("also")])
    }
}
