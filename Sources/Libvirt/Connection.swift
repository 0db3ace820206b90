internal import CLibvirt
internal import Dispatch
internal import Glibc
internal import Synchronization

/// A connection to libvirt. Safe to share: libvirt locks within.
///
/// Owns one reference to a `virConnect`, released at the end of its life, the subscriptions made through it, and the
/// stream that tells of its end.
///
/// Synchronization: calls that change domains run on the caller's pool; what only looks (statistics, the guest's agent,
/// screenshots) has threads of its own, so that guests that do not answer hold up no start and no stop.
@safe package final class Connection: Sendable {
    // SAFETY: a virConnect is thread-safe by libvirt's contract; the pointer never changes.
    nonisolated(unsafe) let pointer: OpaquePointer
    /// A second connection, to a daemon: it works off few calls of one connection at a time, so that a few guests that do
    /// not answer would make all of libvirt seem silent.
    private nonisolated(unsafe) let signPointer: OpaquePointer?
    package let endpoint: LibvirtEndpoint
    let pool: BlockingPool
    let observers = BlockingPool(label: "libvirt.observers", width: 4)
    /// A thread that no other call can hold up.
    private let watch = BlockingPool(label: "libvirt.watch", width: 1)
    /// Yields why the connection ended, once, and finishes. A connection that is open yields nothing; the embedded driver
    /// and libvirt's fake never end.
    package let closed: AsyncStream<CloseReason>
    private let closeSink: CloseSink

    private static let openedRoot = Mutex<String?>(nil)

    private init(
        _ pointer: OpaquePointer, sign: OpaquePointer?, _ endpoint: LibvirtEndpoint, _ pool: BlockingPool
    ) {
        unsafe self.pointer = pointer
        unsafe signPointer = sign
        self.endpoint = endpoint
        self.pool = pool
        let (closed, continuation) = AsyncStream.makeStream(of: CloseReason.self)
        self.closed = closed
        closeSink = CloseSink(continuation)
        unsafe closeSink.register(with: pointer)
    }

    deinit {
        closeSink.continuation.finish()
        nonisolated(unsafe) let pointer = unsafe self.pointer
        nonisolated(unsafe) let sign = unsafe signPointer
        release {
            // SAFETY: this is the one reference that `open` took; the callback holds another until it is taken back.
            unsafe _ = virConnectUnregisterCloseCallback(pointer, closeCallback)
            unsafe _ = virConnectClose(pointer)
            if let sign = unsafe sign { unsafe _ = virConnectClose(sign) }
        }
    }

    /// The calls made on the observers' threads; those on the caller's pool are counted there.
    package var observerCounts: BlockingPool.Counts { observers.counts }

    /// Runs what takes something back from libvirt: beside the caller where a daemon must answer first.
    func release(_ body: @escaping @Sendable () -> Void) {
        if endpoint.isRemote { Self.releases.async(execute: body) } else { body() }
    }

    private static let releases = DispatchQueue(label: "libvirt.releases")

    /// Maps to `virConnectOpen`.
    package static func open(_ endpoint: LibvirtEndpoint, pool: BlockingPool) async throws(LibvirtError) -> Connection {
        try EventLoop.start()
        if case .embedded(let root) = endpoint {
            let opened = openedRoot.withLock { $0 }
            if let opened, opened != root { throw .rootFixed(root: root, opened: opened) }
            OrphanReaper.start()
        }
        let connection = try await pool.run { () throws(LibvirtError) -> Connection in
            // SAFETY: the URI is copied by libvirt during the call.
            guard let pointer = unsafe virConnectOpen(endpoint.uri) else { throw openError(endpoint, lastFailure()) }
            // libvirt's own keepalive stays off: libvirt 9.0 crashes where it closes a connection that two calls wait on,
            // and a daemon that only paused would cost a new connection. Whoever keeps one asks for a `sign` now and then.
            let sign = unsafe endpoint.isRemote ? virConnectOpen(endpoint.uri) : nil
            return unsafe Connection(pointer, sign: sign, endpoint, pool)
        }
        if case .embedded(let root) = endpoint { openedRoot.withLock { $0 = root } }
        return connection
    }

    private static func openError(_ endpoint: LibvirtEndpoint, _ failure: LibvirtFailure) -> LibvirtError {
        // A held lock reads as a system error with EAGAIN; the text is translated, so it is not looked at.
        if case .embedded(let root) = endpoint, failure.code == LibvirtCode.systemError, failure.detail == 11 {
            return .rootBusy(root: root)
        }
        return .unreachable(uri: endpoint.uri, failure)
    }

    /// libvirt's version as `9.0.0`. Maps to `virGetVersion`.
    package static func libraryVersion() -> String {
        var version: UInt = 0
        // SAFETY: both pointers are to live storage, or nil where libvirt allows it.
        guard unsafe virGetVersion(&version, nil, nil) == 0 else { return "unknown" }
        return versionText(version)
    }

    /// Returns once the other end has answered anything at all, be it an error. Maps to `virConnectGetLibVersion`.
    package func sign() async {
        await watch.run {
            var version: UInt = 0
            // SAFETY: `version` lives across the call, and `self` holds the reference.
            unsafe _ = virConnectGetLibVersion(self.signPointer ?? self.pointer, &version)
        }
    }

    /// Maps to `virDomainDefineXMLFlags`.
    package func define(_ xml: String, validate: Bool = false) async throws(LibvirtError) -> DomainHandle {
        try await pool.run { () throws(LibvirtError) in
            let flags = validate ? VIR_DOMAIN_DEFINE_VALIDATE.rawValue : 0
            // SAFETY: the text is copied by libvirt during the call; the result is a reference of ours.
            let pointer = try unsafe checked(
                "virDomainDefineXMLFlags", virDomainDefineXMLFlags(self.pointer, xml, UInt32(flags)))
            return unsafe DomainHandle(pointer, self)
        }
    }

    /// Starts a transient domain. Maps to `virDomainCreateXML`.
    package func create(_ xml: String) async throws(LibvirtError) -> DomainHandle {
        try await pool.run { () throws(LibvirtError) in
            // SAFETY: as in `define`.
            let pointer = try unsafe checked("virDomainCreateXML", virDomainCreateXML(self.pointer, xml, 0))
            return unsafe DomainHandle(pointer, self)
        }
    }

    /// The domain of that name. Maps to `virDomainLookupByName`; nil where there is none.
    package func domain(named name: String) async throws(LibvirtError) -> DomainHandle? {
        do {
            return try await pool.run { () throws(LibvirtError) in
                // SAFETY: as in `define`.
                let pointer = try unsafe checked("virDomainLookupByName", virDomainLookupByName(self.pointer, name))
                return unsafe DomainHandle(pointer, self)
            }
        } catch  where error.isNoDomain {
            return nil
        }
    }

    /// Every domain, running or not. Maps to `virConnectListAllDomains`.
    package func domains() async throws(LibvirtError) -> [DomainHandle] {
        try await pool.run { () throws(LibvirtError) in
            var list: UnsafeMutablePointer<OpaquePointer?>?
            // SAFETY: libvirt fills `list` with `count` references that become ours, in an array that we free.
            let count = try checked("virConnectListAllDomains", unsafe virConnectListAllDomains(self.pointer, &list, 0))
            defer { unsafe free(list) }
            return unsafe UnsafeBufferPointer(start: list, count: Int(count)).compactMap { pointer in
                unsafe pointer.map { unsafe DomainHandle($0, self) }
            }
        }
    }
}

func versionText(_ version: UInt) -> String {
    "\(version / 1_000_000).\(version / 1000 % 1000).\(version % 1000)"
}
