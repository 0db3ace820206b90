import Testing

@testable import NodeAgent

@Suite struct GuestBootDetectorTests {
    private func signs(_ chunks: String...) -> [GuestBootDetector.Sign] {
        var detector = GuestBootDetector()
        return chunks.flatMap { detector.take(Array($0.utf8)) }
    }

    @Test(
        "a prompt that waits for input is seen",
        arguments: [
            "login: ", "debian login: ", "/ # ", "~ # ", "# ", "root@host:~# ", "user@host:~$ ",
            "\u{1B}[0;32mweb\u{1B}[0m login: ", "\u{1B}(Bhost login: ", "[root@host ~]# ",
        ])
    func prompts(text: String) { #expect(signs("\r\n" + text) == [.prompt]) }

    @Test(
        "what is no prompt is not taken for one",
        arguments: [
            "", "login:", "Last login: today\n", "[    0.000000] Linux version 6.1", "Booting from Hard Disk...", "$",
            "loading #", "password",
        ])
    func noPrompts(text: String) { #expect(!signs(text).contains(.prompt)) }

    @Test("the first line with anything on it is told once")
    func firstLine() {
        #expect(signs("\r\n \r\n", "SeaBIOS\r\n", "more\r\n") == [.firstLine])
        #expect(signs("Sea") == [])
        #expect(signs("Sea", "BIOS", "\n") == [.firstLine])
        #expect(signs("\u{1B}[2J\u{1B}[H\n") == [])
    }

    @Test("text that comes byte by byte gives the same signs, each once")
    func byteByByte() {
        var detector = GuestBootDetector()
        let all = Array("SeaBIOS\r\n[    0.0] Linux\r\n\r\nweb login: ".utf8).flatMap { detector.take([$0]) }
        #expect(all == [.firstLine, .prompt])
        #expect(detector.take(Array("root\r\nweb login: ".utf8)) == [])
    }

    @Test("a line without end, bytes that are no text and a flood of them are held in bounds")
    func flood() {
        var detector = GuestBootDetector()
        for _ in 0..<100 { #expect(detector.take(Array(repeating: 0xFF, count: 10_000)) == []) }
        #expect(detector.take(Array("\nweb login: ".utf8)) == [.firstLine, .prompt])
    }
}
