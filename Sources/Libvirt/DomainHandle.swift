internal import CLibvirt
internal import Glibc

/// A domain of libvirt. Safe to share: libvirt locks within.
///
/// Owns one reference to a `virDomain`, released at the end of its life; it keeps its connection alive.
@safe package final class DomainHandle: Sendable {
    // SAFETY: a virDomain is thread-safe by libvirt's contract; the pointer never changes.
    nonisolated(unsafe) let pointer: OpaquePointer
    let connection: Connection
    package let name: String
    package let uuid: String

    init(_ pointer: OpaquePointer, _ connection: Connection) {
        unsafe self.pointer = pointer
        self.connection = connection
        (name, uuid) = unsafe identity(of: pointer)
    }

    deinit {
        // SAFETY: this is the one reference that the handle was made with.
        unsafe _ = virDomainFree(pointer)
    }

    func call<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LibvirtError) -> Value
    ) async throws(LibvirtError) -> Value {
        try await connection.pool.run(body)
    }

    /// Runs what asks the guest, or may be held up by it, beside the calls that change domains.
    func observe<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LibvirtError) -> Value
    ) async throws(LibvirtError) -> Value {
        try await connection.observers.run(body)
    }

    /// Maps to `virDomainCreateWithFlags`.
    package func start(paused: Bool) async throws(LibvirtError) {
        try await call { () throws(LibvirtError) -> Void in
            let flags = paused ? UInt32(VIR_DOMAIN_START_PAUSED.rawValue) : 0
            // SAFETY: `self` holds the reference during the call, here and below.
            try checked("virDomainCreateWithFlags", unsafe virDomainCreateWithFlags(self.pointer, flags))
        }
    }

    /// Maps to `virDomainResume`.
    package func resume() async throws(LibvirtError) {
        try await call { () throws(LibvirtError) -> Void in
            // SAFETY: `self` holds the reference during the call.
            try checked("virDomainResume", unsafe virDomainResume(self.pointer))
        }
    }

    /// Sends the guest the ACPI power button. Maps to `virDomainShutdownFlags`.
    package func shutdown() async throws(LibvirtError) {
        try await call { () throws(LibvirtError) -> Void in
            // SAFETY: `self` holds the reference during the call.
            try checked("virDomainShutdownFlags", unsafe virDomainShutdownFlags(self.pointer, 0))
        }
    }

    /// Ends QEMU. Maps to `virDomainDestroyFlags`; a domain that does not run, or is gone, counts as ended.
    package func destroy(gracefully: Bool = true) async throws(LibvirtError) {
        do {
            try await call { () throws(LibvirtError) -> Void in
                let flags = gracefully ? UInt32(VIR_DOMAIN_DESTROY_GRACEFUL.rawValue) : 0
                // SAFETY: `self` holds the reference during the call.
                try checked("virDomainDestroyFlags", unsafe virDomainDestroyFlags(self.pointer, flags))
            }
        } catch  where error.isNoDomain || error.isNotRunning {
            return
        }
    }

    /// Forgets the domain's definition. Maps to `virDomainUndefineFlags`; one that is gone counts as forgotten.
    package func undefine() async throws(LibvirtError) {
        do {
            try await call { () throws(LibvirtError) -> Void in
                let flags = VIR_DOMAIN_UNDEFINE_KEEP_NVRAM.rawValue | VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA.rawValue
                // SAFETY: `self` holds the reference during the calls. A driver that keeps neither refuses the flags.
                guard unsafe virDomainUndefineFlags(self.pointer, UInt32(flags)) < 0 else { return }
                let failure = lastFailure()
                guard failure.code == LibvirtCode.invalidArgument else {
                    throw .call(function: "virDomainUndefineFlags", failure)
                }
                try checked("virDomainUndefine", unsafe virDomainUndefine(self.pointer))
            }
        } catch  where error.isNoDomain {
            return
        }
    }

    /// State and reason, as libvirt believes them. Maps to `virDomainGetState`.
    package func state() async throws(LibvirtError) -> DomainState {
        try await call { () throws(LibvirtError) in
            var state: Int32 = 0
            var reason: Int32 = 0
            // SAFETY: both live across the call.
            try checked("virDomainGetState", unsafe virDomainGetState(self.pointer, &state, &reason, 0))
            return DomainState(state: state, reason: reason)
        }
    }

    /// The live document. Maps to `virDomainGetXMLDesc`.
    package func xml() async throws(LibvirtError) -> String {
        try await call { () throws(LibvirtError) in
            // SAFETY: the string is handed over, and freed by `checked`.
            try unsafe checked("virDomainGetXMLDesc", string: virDomainGetXMLDesc(self.pointer, 0))
        }
    }

    /// The element that virt-node wrote into the metadata; nil where there is none. Maps to `virDomainGetMetadata`.
    package func metadata(namespace: String) async throws(LibvirtError) -> String? {
        do {
            return try await call { () throws(LibvirtError) in
                let type = Int32(VIR_DOMAIN_METADATA_ELEMENT.rawValue)
                // SAFETY: the string is handed over, and freed by `checked`.
                return try unsafe checked(
                    "virDomainGetMetadata", string: virDomainGetMetadata(self.pointer, type, namespace, 0))
            }
        } catch  where error.code == LibvirtCode.noMetadata {
            return nil
        }
    }

    /// Runs a command of QEMU's human monitor, and returns what it prints. Maps to `virDomainQemuMonitorCommand`.
    package func humanMonitor(_ command: String) async throws(LibvirtError) -> String {
        try await call { () throws(LibvirtError) in
            var output: UnsafeMutablePointer<CChar>?
            let flags = UInt32(VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP.rawValue)
            // SAFETY: libvirt fills `output` with a string that `checked` frees.
            let result = unsafe virDomainQemuMonitorCommand(self.pointer, command, &output, flags)
            try checked("virDomainQemuMonitorCommand", result)
            return try unsafe checked("virDomainQemuMonitorCommand", string: output)
        }
    }
}

/// A domain's name and UUID.
func identity(of domain: OpaquePointer) -> (name: String, uuid: String) {
    // SAFETY: the name lives as long as the domain, and is copied; the buffer holds VIR_UUID_STRING_BUFLEN bytes.
    let name = unsafe virDomainGetName(domain).map { unsafe String(cString: $0) } ?? ""
    var buffer = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    guard unsafe virDomainGetUUIDString(domain, &buffer) == 0 else { return (name, "") }
    return (name, String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
}
