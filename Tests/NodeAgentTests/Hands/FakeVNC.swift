import Foundation
import Glibc
import Serving
import Synchronization

/// A server that greets like QEMU's VNC and sends everything back, to one client, on a thread of its own.
final class FakeVNC: Sendable {
    let path = "/tmp/vnc-\(UInt32.random(in: 0 ... .max))"
    private let listener: Int32
    private let client = Mutex<Int32>(-1)

    struct CannotListen: Error {}

    init() throws {
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = UnixAddress.withAddress(of: path) { Glibc.bind(listener, $0, $1) }
        guard result == 0, listen(listener, 4) == 0 else { throw CannotListen() }
        Thread.detachNewThread { [self] in serve() }
    }

    deinit {
        close(listener)
        unlink(path)
    }

    /// Ends the connection from QEMU's side.
    func hangUp() { _ = client.withLock { shutdown($0, Int32(SHUT_RDWR)) } }

    private func serve() {
        let descriptor = accept(listener, nil, nil)
        client.withLock { $0 = descriptor }
        let greeting = Array("RFB 003.008\n".utf8)
        _ = send(descriptor, greeting, greeting.count, Int32(MSG_NOSIGNAL))
        var buffer = [UInt8](repeating: 0, count: 32 * 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let part = buffer.withUnsafeBytes {
                    send(descriptor, $0.baseAddress?.advanced(by: sent), count - sent, Int32(MSG_NOSIGNAL))
                }
                guard part > 0 else { break }
                sent += part
            }
        }
        close(descriptor)
    }
}
