internal import CLibvirt

/// Why a connection to libvirt's daemon ended (`virConnectCloseReason`).
package enum CloseReason: Sendable, Equatable {
    case error
    /// The daemon closed it, as it does when it ends.
    case endOfFile
    /// The keepalive gave up, which is off here: the daemon's own may.
    case keepalive
    /// This process closed it.
    case client
    case other(Int32)

    init(_ reason: Int32) {
        self =
            switch UInt32(bitPattern: reason) {
            case VIR_CONNECT_CLOSE_REASON_ERROR.rawValue: .error
            case VIR_CONNECT_CLOSE_REASON_EOF.rawValue: .endOfFile
            case VIR_CONNECT_CLOSE_REASON_KEEPALIVE.rawValue: .keepalive
            case VIR_CONNECT_CLOSE_REASON_CLIENT.rawValue: .client
            default: .other(reason)
            }
    }
}

extension CloseReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .error: "the connection to libvirt broke"
        case .endOfFile: "libvirt's daemon closed the connection"
        case .keepalive: "libvirt's keepalive gave up"
        case .client: "the connection to libvirt was closed here"
        case .other(let reason): "the connection to libvirt ended (reason \(reason))"
        }
    }
}

/// What the close callback yields to.
final class CloseSink: Sendable {
    let continuation: AsyncStream<CloseReason>.Continuation

    init(_ continuation: AsyncStream<CloseReason>.Continuation) { self.continuation = continuation }

    /// Maps to `virConnectRegisterCloseCallback`. Without a callback the failing calls tell of the end.
    func register(with connection: OpaquePointer) {
        // SAFETY: retained here, and released once by `releaseSink`, when libvirt drops the callback.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let result = unsafe virConnectRegisterCloseCallback(connection, closeCallback, context, releaseSink)
        guard result < 0 else { return }
        unsafe Unmanaged<CloseSink>.fromOpaque(context).release()
    }
}

let closeCallback: @convention(c) (OpaquePointer?, Int32, UnsafeMutableRawPointer?) -> Void = { _, reason, context in
    guard let context = unsafe context else { return }
    // SAFETY: the context is valid during the callback.
    let sink = unsafe Unmanaged<CloseSink>.fromOpaque(context).takeUnretainedValue()
    sink.continuation.yield(CloseReason(reason))
    sink.continuation.finish()
}

private let releaseSink: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
    // SAFETY: balances the retain of the registration; libvirt calls it once.
    if let context = unsafe context { unsafe Unmanaged<CloseSink>.fromOpaque(context).release() }
}
