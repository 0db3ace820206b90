internal import CLibvirt
internal import Glibc

/// A picture of a guest's screen, in the format that libvirt's driver gives.
package struct Screenshot: Sendable, Equatable {
    /// Such as `image/png`, or `image/x-portable-pixmap` from an old QEMU.
    package var mime: String
    package var bytes: [UInt8]
}

extension DomainHandle {
    /// Maps to `virDomainScreenshot` and `virStreamRecv`. A picture of more than 64 MiB is cut off there by an error.
    package func screenshot(screen: UInt32 = 0) async throws(LibvirtError) -> Screenshot {
        try await observe { () throws(LibvirtError) in
            // SAFETY: the stream is ours until it is freed once, after its last use; the string is freed by `checked`.
            let stream = try unsafe checked("virStreamNew", virStreamNew(self.connection.pointer, 0))
            defer { unsafe _ = virStreamFree(stream) }
            let mime = try unsafe checked(
                "virDomainScreenshot", string: virDomainScreenshot(self.pointer, stream, screen, 0))
            do throws(LibvirtError) {
                let bytes = try unsafe received(stream)
                try checked("virStreamFinish", unsafe virStreamFinish(stream))
                return Screenshot(mime: mime, bytes: bytes)
            } catch {
                unsafe _ = virStreamAbort(stream)
                throw error
            }
        }
    }
}

private func received(_ stream: OpaquePointer) throws(LibvirtError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [CChar](repeating: 0, count: 256 * 1024)
    while bytes.count < 64 << 20 {
        // SAFETY: the buffer holds as many bytes as it is said to.
        let count = try checked("virStreamRecv", unsafe virStreamRecv(stream, &buffer, buffer.count))
        guard count > 0 else { return bytes }
        bytes.append(contentsOf: buffer.prefix(Int(count)).lazy.map { UInt8(bitPattern: $0) })
    }
    let failure = LibvirtFailure(
        code: LibvirtCode.internalError, domain: 0, message: "the picture is larger than 64 MiB", detail: 0)
    throw .call(function: "virStreamRecv", failure)
}
