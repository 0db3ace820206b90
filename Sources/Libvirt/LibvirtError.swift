/// Why a call of libvirt failed.
package enum LibvirtError: Error, Equatable {
    /// A call returned an error. `function` is the C function.
    case call(function: String, LibvirtFailure)
    /// No driver of libvirt answers.
    case unreachable(uri: String, LibvirtFailure)
    /// Another process holds the embedded driver's folder.
    case rootBusy(root: String)
    /// This process opened another folder before, and libvirt allows one for its lifetime.
    case rootFixed(root: String, opened: String)
    /// libvirt's event loop could not be set up.
    case eventLoop(LibvirtFailure)
}

/// What libvirt's thread-local error held (`virError`).
package struct LibvirtFailure: Sendable, Equatable {
    /// `virErrorNumber`.
    package var code: Int
    /// `virErrorDomain`: the part of libvirt that speaks.
    package var domain: Int
    package var message: String
    /// `int1`, an errno with some errors.
    package var detail: Int

    package init(code: Int, domain: Int, message: String, detail: Int) {
        self.code = code
        self.domain = domain
        self.message = message
        self.detail = detail
    }
}

extension LibvirtError {
    /// Whether the domain that a call spoke of is not there (any more).
    package var isNoDomain: Bool { code == LibvirtCode.noDomain }
    /// Whether the call needs a running domain and this one is not.
    package var isNotRunning: Bool { code == LibvirtCode.operationInvalid }

    /// Whether the connection is gone, so that a new one must be opened: closed, reset, given up by a
    /// keepalive, or never made. It says nothing of any domain.
    package var isConnectionLost: Bool {
        switch self {
        case .unreachable: return true
        case .rootBusy, .rootFixed, .eventLoop: return false
        case .call(_, let failure):
            if failure.code == LibvirtCode.invalidConnection || failure.code == LibvirtCode.noConnect { return true }
            return failure.domain == LibvirtCode.transportDomain && LibvirtCode.transport.contains(failure.code)
        }
    }
    /// Whether libvirt gave up waiting, as it does for a domain whose QEMU holds another call up.
    package var isTimeout: Bool { code == LibvirtCode.operationTimeout }
    /// Whether the guest's agent does not answer.
    package var isAgentUnresponsive: Bool { code.map { LibvirtCode.agentUnresponsive.contains($0) } ?? false }
    /// Whether libvirt or the kernel forbids the call.
    package var isAccessDenied: Bool {
        code.map { LibvirtCode.accessDenied.contains($0) } ?? false
            || errno.map { LibvirtCode.accessErrnos.contains($0) } ?? false
    }
    /// Whether a disk of the host is full, or a quota reached.
    package var isNoSpace: Bool { errno.map { LibvirtCode.spaceErrnos.contains($0) } ?? false }
    /// Whether something that the call needs is in use.
    package var isResourceBusy: Bool { code == LibvirtCode.resourceBusy || errno == LibvirtCode.busyErrno }
    /// Whether this driver, QEMU or domain lacks what the call asks for.
    package var isUnsupported: Bool {
        code == LibvirtCode.noSupport || code == LibvirtCode.operationUnsupported
            || code == LibvirtCode.argumentUnsupported || code == LibvirtCode.configUnsupported
    }

    /// The kernel's number, with the errors that carry one.
    private var errno: Int? { code == LibvirtCode.systemError ? failure?.detail : nil }

    package var failure: LibvirtFailure? {
        switch self {
        case .call(_, let failure), .unreachable(_, let failure), .eventLoop(let failure): failure
        case .rootBusy, .rootFixed: nil
        }
    }

    package var code: Int? { failure?.code }
}

extension LibvirtError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .call(let function, let failure): "libvirt refused \(function): \(failure.message) (code \(failure.code))"
        case .unreachable(let uri, let failure): "libvirt does not answer at \(uri): \(failure.message)"
        case .rootBusy(let root):
            "another process holds libvirt's folder \(root): end it, or choose another folder with --root"
        case .rootFixed(let root, let opened):
            "libvirt's embedded driver cannot open \(root), since this process opened \(opened) before"
        case .eventLoop(let failure): "libvirt's event loop does not start: \(failure.message)"
        }
    }
}
