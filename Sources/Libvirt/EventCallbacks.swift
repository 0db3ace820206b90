internal import CLibvirt

/// What a callback yields to.
final class EventSink: Sendable {
    let continuation: AsyncStream<DomainEvent>.Continuation

    init(_ continuation: AsyncStream<DomainEvent>.Continuation) { self.continuation = continuation }
}

let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
    // SAFETY: balances the retain of the registration; libvirt calls it once.
    if let context = unsafe context { unsafe Unmanaged<EventSink>.fromOpaque(context).release() }
}

private func yield(_ domain: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ kind: DomainEvent.Kind) {
    guard let domain = unsafe domain, let context = unsafe context else { return }
    // SAFETY: domain and context are valid during the callback; name and UUID are copied.
    let (name, uuid) = unsafe identity(of: domain)
    let sink = unsafe Unmanaged<EventSink>.fromOpaque(context).takeUnretainedValue()
    sink.continuation.yield(DomainEvent(domain: name, uuid: uuid, kind: kind))
}

let lifecycleCallback:
    @convention(c) (OpaquePointer?, OpaquePointer?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        _, domain, event, detail, context in
        unsafe yield(domain, context, DomainEvent.lifecycle(event: event, detail: detail))
        return 0
    }

let rebootCallback: @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutableRawPointer?) -> Void = {
    _, domain, context in
    unsafe yield(domain, context, .rebooted)
}

let agentCallback: @convention(c) (OpaquePointer?, OpaquePointer?, Int32, Int32, UnsafeMutableRawPointer?) -> Void = {
    _, domain, state, _, context in
    let connected = UInt32(bitPattern: state) == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED.rawValue
    unsafe yield(domain, context, connected ? .agentConnected : .agentDisconnected)
}

let ioErrorCallback:
    @convention(c) (
        OpaquePointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?,
        UnsafeMutableRawPointer?
    ) -> Void = { _, domain, path, alias, _, reason, context in
        let path = unsafe path.map { unsafe String(cString: $0) } ?? ""
        let alias = unsafe alias.map { unsafe String(cString: $0) } ?? ""
        let reason = unsafe reason.map { unsafe String(cString: $0) } ?? ""
        unsafe yield(domain, context, .ioError(path: path, alias: alias, reason: reason))
    }

let watchdogCallback: @convention(c) (OpaquePointer?, OpaquePointer?, Int32, UnsafeMutableRawPointer?) -> Void = {
    _, domain, action, context in
    unsafe yield(domain, context, .watchdog(DomainEvent.watchdog(action)))
}

let controlErrorCallback: @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutableRawPointer?) -> Void = {
    _, domain, context in
    unsafe yield(domain, context, .controlError)
}

let balloonCallback: @convention(c) (OpaquePointer?, OpaquePointer?, UInt64, UnsafeMutableRawPointer?) -> Void = {
    _, domain, actual, context in
    unsafe yield(domain, context, .balloonChanged(KiB: actual))
}

typealias DeviceCallback =
    @convention(c) (OpaquePointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void

let deviceAddedCallback: DeviceCallback = { _, domain, alias, context in
    let alias = unsafe alias.map { unsafe String(cString: $0) } ?? ""
    unsafe yield(domain, context, .deviceAdded(alias: alias))
}

let deviceRemovedCallback: DeviceCallback = { _, domain, alias, context in
    let alias = unsafe alias.map { unsafe String(cString: $0) } ?? ""
    unsafe yield(domain, context, .deviceRemoved(alias: alias))
}

let removalFailedCallback: DeviceCallback = { _, domain, alias, context in
    let alias = unsafe alias.map { unsafe String(cString: $0) } ?? ""
    unsafe yield(domain, context, .deviceRemovalFailed(alias: alias))
}

let memoryFailureCallback:
    @convention(c) (OpaquePointer?, OpaquePointer?, Int32, Int32, UInt32, UnsafeMutableRawPointer?) -> Void = {
        _, domain, recipient, action, flags, context in
        let failure = MemoryFailure(recipient: recipient, action: action, flags: flags)
        unsafe yield(domain, context, .memoryFailure(failure))
    }
