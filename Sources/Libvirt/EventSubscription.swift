internal import CLibvirt
internal import Glibc

/// The events of every domain of a connection, from the moment of subscription.
///
/// libvirt's callbacks copy values and yield to the stream; each registration retains the sink, and libvirt's free
/// callback releases it. Cancelling deregisters.
package final class EventSubscription: Sendable {
    package let events: AsyncStream<DomainEvent>
    private let connection: Connection
    private let callbacks: [Int32]
    private let sink: EventSink

    /// Maps to `virConnectDomainEventRegisterAny`.
    package init(_ connection: Connection) throws(LibvirtError) {
        let (events, continuation) = AsyncStream.makeStream(of: DomainEvent.self, bufferingPolicy: .unbounded)
        let sink = EventSink(continuation)
        self.events = events
        self.sink = sink
        self.connection = connection
        var callbacks: [Int32] = []
        let registrations = unsafe Self.registrations()
        for index in unsafe registrations.indices {
            let registration = unsafe registrations[index]
            // SAFETY: the sink is retained here and released once, by `release`, when libvirt drops the callback; the
            // cast is the one that virConnectDomainEventRegisterAny demands of its typed callbacks.
            let context = unsafe Unmanaged.passRetained(sink).toOpaque()
            let id = unsafe virConnectDomainEventRegisterAny(
                connection.pointer, nil, Int32(registration.event), registration.callback, context, release)
            guard id >= 0 else {
                unsafe Unmanaged<EventSink>.fromOpaque(context).release()
                let failure = lastFailure()
                for id in callbacks { unsafe _ = virConnectDomainEventDeregisterAny(connection.pointer, id) }
                throw .call(function: "virConnectDomainEventRegisterAny", failure)
            }
            callbacks.append(id)
        }
        self.callbacks = callbacks
    }

    deinit {
        cancelCallbacks()
        sink.continuation.finish()
    }

    private func cancelCallbacks() {
        // SAFETY: the connection outlives its subscriptions; a number is deregistered once.
        for id in callbacks { unsafe _ = virConnectDomainEventDeregisterAny(connection.pointer, id) }
    }

    @unsafe private struct Registration {
        var event: UInt32
        var callback: virConnectDomainEventGenericCallback
    }

    private static func registrations() -> [Registration] {
        // SAFETY: libvirt calls each pointer with the signature that belongs to its event.
        unsafe [
            Registration(
                event: VIR_DOMAIN_EVENT_ID_LIFECYCLE.rawValue,
                callback: unsafeBitCast(lifecycleCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_REBOOT.rawValue,
                callback: rebootCallback),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE.rawValue,
                callback: unsafeBitCast(agentCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON.rawValue,
                callback: unsafeBitCast(ioErrorCallback, to: virConnectDomainEventGenericCallback.self)),
        ]
    }
}

/// What a callback yields to.
private final class EventSink: Sendable {
    let continuation: AsyncStream<DomainEvent>.Continuation

    init(_ continuation: AsyncStream<DomainEvent>.Continuation) { self.continuation = continuation }
}

private let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
    // SAFETY: balances the retain of the registration; libvirt calls it once.
    if let context = unsafe context { unsafe Unmanaged<EventSink>.fromOpaque(context).release() }
}

private func yield(_ domain: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ kind: DomainEvent.Kind) {
    guard let domain = unsafe domain, let context = unsafe context else { return }
    // SAFETY: domain and context are valid during the callback; name and UUID are copied.
    let name = unsafe virDomainGetName(domain).map { unsafe String(cString: $0) } ?? ""
    var buffer = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    _ = unsafe virDomainGetUUIDString(domain, &buffer)
    let uuid = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let sink = unsafe Unmanaged<EventSink>.fromOpaque(context).takeUnretainedValue()
    sink.continuation.yield(DomainEvent(domain: name, uuid: uuid, kind: kind))
}

private let lifecycleCallback:
    @convention(c) (OpaquePointer?, OpaquePointer?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        _, domain, event, detail, context in
        unsafe yield(domain, context, DomainEvent.lifecycle(event: event, detail: detail))
        return 0
    }

private let rebootCallback: @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeMutableRawPointer?) -> Void = {
    _, domain, context in
    unsafe yield(domain, context, .rebooted)
}

private let agentCallback:
    @convention(c) (OpaquePointer?, OpaquePointer?, Int32, Int32, UnsafeMutableRawPointer?) -> Void = {
        _, domain, state, _, context in
        let connected = UInt32(state) == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED.rawValue
        unsafe yield(domain, context, connected ? .agentConnected : .agentDisconnected)
    }

private let ioErrorCallback:
    @convention(c) (
        OpaquePointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?,
        UnsafeMutableRawPointer?
    ) -> Void = { _, domain, path, alias, _, reason, context in
        let path = unsafe path.map { unsafe String(cString: $0) } ?? ""
        let alias = unsafe alias.map { unsafe String(cString: $0) } ?? ""
        let reason = unsafe reason.map { unsafe String(cString: $0) } ?? ""
        unsafe yield(domain, context, .ioError(path: path, alias: alias, reason: reason))
    }
