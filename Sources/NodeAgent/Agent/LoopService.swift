internal import ServiceLifecycle

/// A loop as a service: it is cancelled when the daemon is to end.
struct LoopService: Service {
    let body: @Sendable () async -> Void

    init(_ body: @escaping @Sendable () async -> Void) { self.body = body }

    func run() async { await cancelWhenGracefulShutdown { await body() } }
}
