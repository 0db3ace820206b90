internal import CLibvirt

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
        sink.continuation.finish()
        let connection = self.connection
        let callbacks = self.callbacks
        // A daemon that does not answer holds this call up: no task's thread may wait for it.
        connection.release {
            // SAFETY: the connection outlives its subscriptions; a number is deregistered once.
            for id in callbacks { unsafe _ = virConnectDomainEventDeregisterAny(connection.pointer, id) }
        }
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
            Registration(
                event: VIR_DOMAIN_EVENT_ID_WATCHDOG.rawValue,
                callback: unsafeBitCast(watchdogCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(event: VIR_DOMAIN_EVENT_ID_CONTROL_ERROR.rawValue, callback: controlErrorCallback),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE.rawValue,
                callback: unsafeBitCast(balloonCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_DEVICE_ADDED.rawValue,
                callback: unsafeBitCast(deviceAddedCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED.rawValue,
                callback: unsafeBitCast(deviceRemovedCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED.rawValue,
                callback: unsafeBitCast(removalFailedCallback, to: virConnectDomainEventGenericCallback.self)),
            Registration(
                event: VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE.rawValue,
                callback: unsafeBitCast(memoryFailureCallback, to: virConnectDomainEventGenericCallback.self)),
        ]
    }
}
