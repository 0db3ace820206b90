internal import CLibvirt
internal import Glibc
internal import Synchronization

/// A connection to libvirt. Safe to share: libvirt locks within.
///
/// Owns one reference to a `virConnect`, released at the end of its life, and the subscriptions made through it.
@safe package final class Connection: Sendable {
    // SAFETY: a virConnect is thread-safe by libvirt's contract; the pointer never changes.
    nonisolated(unsafe) let pointer: OpaquePointer
    package let endpoint: LibvirtEndpoint
    let pool: BlockingPool

    private static let openedRoot = Mutex<String?>(nil)

    private init(_ pointer: OpaquePointer, _ endpoint: LibvirtEndpoint, _ pool: BlockingPool) {
        unsafe self.pointer = pointer
        self.endpoint = endpoint
        self.pool = pool
    }

    deinit {
        // SAFETY: this is the one reference that `open` took.
        unsafe _ = virConnectClose(pointer)
    }

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
            return unsafe Connection(pointer, endpoint, pool)
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
