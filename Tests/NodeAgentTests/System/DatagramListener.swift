import Glibc
import Serving
import Testing

/// What systemd, or its journal, listens on.
final class DatagramListener {
    let path = "/tmp/vn-notify-\(UInt32.random(in: .min ... .max))"
    private let descriptor: CInt

    init() throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let result = UnixAddress.withAddress(of: path) { Glibc.bind(descriptor, $0, $1) }
        try #require(result == 0)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func receive() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, count)))
    }
}
