import Synchronization
import Testing

@testable import NodeAgent

@Suite struct ConsoleHubTests {
    @Test("what is typed before the console is there reaches the guest, and no more than a line or so of it")
    func early() {
        let hub = ConsoleHub()
        let typed = Mutex<[UInt8]>([])
        hub.type(Array("ls\n".utf8))
        hub.connect { bytes in typed.withLock { $0 += bytes } }
        hub.type(Array("x".utf8))
        #expect(typed.withLock { $0 } == Array("ls\nx".utf8))
        hub.connect(nil)
        hub.type([UInt8](repeating: 0x61, count: 1000))
        hub.type([UInt8](repeating: 0x61, count: 1000))
        hub.connect { bytes in typed.withLock { $0 = bytes } }
        #expect(typed.withLock { $0.count } == 512)
    }
}
