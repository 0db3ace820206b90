internal import CLibvirt
internal import Glibc

/// Copies libvirt's thread-local error. It must be called on the thread of the failed call, before anything suspends.
func lastFailure() -> LibvirtFailure {
    // SAFETY: virGetLastError returns storage of this thread, valid until its next call; all is copied here.
    guard let error = unsafe virGetLastError() else {
        return LibvirtFailure(code: 0, domain: 0, message: "no reason was given", detail: 0)
    }
    let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "no reason was given"
    return unsafe LibvirtFailure(
        code: Int(error.pointee.code), domain: Int(error.pointee.domain), message: message,
        detail: Int(error.pointee.int1))
}

/// Takes the result of a call that returns -1 on failure.
@discardableResult
func checked(_ function: StaticString, _ result: Int32) throws(LibvirtError) -> Int32 {
    guard result >= 0 else { throw .call(function: "\(function)", lastFailure()) }
    return result
}

/// Takes the result of a call that returns NULL on failure.
func checked(_ function: StaticString, _ result: OpaquePointer?) throws(LibvirtError) -> OpaquePointer {
    guard let result = unsafe result else { throw .call(function: "\(function)", lastFailure()) }
    return unsafe result
}

/// Takes a string that the call allocated, and frees it.
func checked(_ function: StaticString, string: UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
    guard let string = unsafe string else { throw .call(function: "\(function)", lastFailure()) }
    // SAFETY: libvirt hands over a NUL-terminated string from malloc; it is copied, then freed once.
    defer { unsafe free(string) }
    return unsafe String(cString: string)
}
