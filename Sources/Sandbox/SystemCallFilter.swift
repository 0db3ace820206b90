internal import CSandbox
internal import Glibc
internal import SystemPackage

/// A seccomp filter: which system calls a process and all that it starts may make.
package struct SystemCallFilter: Sendable {
    package enum Rule: Sendable {
        /// No other is allowed.
        case only([String])
        /// All others are allowed.
        case allBut([String])
    }

    /// What becomes of a call that is not allowed.
    package enum Refusal: Sendable {
        /// `SystemCallMonitor` is told, and decides.
        case ask
        /// The kernel writes it to its log and lets it pass.
        case log
        /// It fails with EPERM.
        case fail
    }

    package let rule: Rule
    package let refusal: Refusal

    package init(_ rule: Rule, _ refusal: Refusal) {
        self.rule = rule
        self.refusal = refusal
    }

    /// The numbers that libseccomp knows on this machine; newer calls fail with ENOSYS, upon which the C library takes an
    /// older one.
    private static let numbers: Range<CInt> = 0..<1024

    /// Puts the filter in force, for good. Maps to `seccomp_load`.
    ///
    /// With `ask` the result is the descriptor that the monitor listens on. It holds for the calling thread; with
    /// `everyThread` for all.
    package func load(everyThread: Bool = false) throws(SandboxError) -> CInt? {
        // SAFETY: the context is made, used and released here.
        let (common, special): (UInt32, UInt32)
        let names: Set<String>
        switch rule {
        case .only(let list): (common, special, names) = (vn_refuse_with(UInt16(ENOSYS)), action, Set(list))
        case .allBut(let list): (common, special, names) = (SCMP_ACT_ALLOW, action, Set(list))
        }
        guard let context = unsafe seccomp_init(common) else { throw .filter(action: "make", .noMemory) }
        defer { unsafe seccomp_release(context) }
        if everyThread {
            try check(unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1), "spread")
        }
        for number in Self.numbers {
            guard let name = SystemCalls.name(number) else { continue }
            let isNamed = names.contains(name)
            let wanted: UInt32
            if case .only = rule {
                wanted = isNamed ? SCMP_ACT_ALLOW : SystemCalls.optional.contains(name) ? common : special
            } else {
                wanted = isNamed ? special : common
            }
            if wanted == common { continue }
            try check(unsafe seccomp_rule_add_array(context, wanted, number, 0, nil), "add \(name) to")
        }
        try check(unsafe seccomp_load(context), "load")
        guard case .ask = refusal else { return nil }
        let descriptor = unsafe seccomp_notify_fd(context)
        guard descriptor >= 0 else { throw .filter(action: "listen to", Errno(rawValue: -descriptor)) }
        return descriptor
    }

    private var action: UInt32 {
        switch refusal {
        case .ask: SCMP_ACT_NOTIFY
        case .log: SCMP_ACT_LOG
        case .fail: vn_refuse_with(UInt16(EPERM))
        }
    }

    private func check(_ result: CInt, _ action: String) throws(SandboxError) {
        guard result == 0 else { throw .filter(action: action, Errno(rawValue: -result)) }
    }
}
