internal import CLibvirt
internal import Dispatch
internal import Glibc
internal import Synchronization

/// libvirt's event loop: one thread for the life of the process, on which all callbacks run.
///
/// Synchronization: started once, under a mutex; libvirt wants it registered before the first connection.
enum EventLoop {
    private static let started = Mutex(false)

    static func start() throws(LibvirtError) {
        let failure: LibvirtFailure? = started.withLock { started in
            guard !started else { return nil }
            // SAFETY: no other thread of ours reads the environment yet.
            // libvirt's own log would mix with ours on the standard error; every failure reaches the caller as an error.
            // Who debugs libvirt sets the variable.
            unsafe setenv("LIBVIRT_LOG_OUTPUTS", "4:file:/dev/null", 0)
            guard virInitialize() == 0, virEventRegisterDefaultImpl() == 0 else { return lastFailure() }
            // SAFETY: a nil handler only keeps libvirt from printing errors, which are all returned instead.
            unsafe virSetErrorFunc(nil) { _, _ in }
            started = true
            DispatchQueue(label: "libvirt.events").async { while virEventRunDefaultImpl() == 0 {} }
            return nil
        }
        if let failure { throw .eventLoop(failure) }
    }
}
