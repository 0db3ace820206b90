import NIOCore
import NIOWebSocket

/// Puts a WebSocket's frames together to messages, up to a limit.
struct MessageAssembler {
    enum Action: Equatable {
        case message([UInt8])
        /// More frames are needed.
        case wait
        /// The other end broke the protocol: the connection ends with this code.
        case violation(code: UInt16, reason: String)
    }

    let limit: Int
    /// A server's frames are not masked, and a client's must be.
    let expectsMask: Bool
    private var parts: [UInt8] = []
    private var isText = false
    private var isOpen = false

    init(limit: Int, expectsMask: Bool) {
        self.limit = limit
        self.expectsMask = expectsMask
    }

    /// Takes a frame of data: text, binary or a continuation.
    mutating func add(_ frame: WebSocketFrame) -> Action {
        guard frame.reservedBits.isEmpty else { return .violation(code: 1002, reason: "reserved bits are set") }
        guard (frame.maskKey != nil) == expectsMask else { return .violation(code: 1002, reason: "wrong masking") }
        guard (frame.opcode == .continuation) == isOpen else {
            return .violation(code: 1002, reason: "a fragment out of its order")
        }
        let data = frame.unmaskedData
        guard parts.count + data.readableBytes <= limit else {
            return .violation(code: 1009, reason: "a message takes at most \(limit) bytes")
        }
        if !isOpen { isText = frame.opcode == .text }
        isOpen = !frame.fin
        if !frame.fin {
            parts += data.readableBytesView
            return .wait
        }
        let message = parts + data.readableBytesView
        parts = []
        if isText, String(validating: message, as: UTF8.self) == nil {
            return .violation(code: 1007, reason: "the text is not UTF-8")
        }
        return .message(message)
    }
}
