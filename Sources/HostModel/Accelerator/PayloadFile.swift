import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The payload as a file that QEMU can map, under a name of its own, so that parallel probes do not meet.
struct PayloadFile: Sendable {
    let path: FilePath

    init(in folder: FilePath) throws(AcceleratorError) {
        let name = "accelerator-payload-\(getpid())-\(UInt32.random(in: .min ... .max)).bin"
        path = folder.appending(name)
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: [.ownerReadWrite])
            _ = try file.closeAfter { try file.writeAll(AcceleratorPayload.image) }
        } catch let errno as Errno {
            throw .payloadNotWritten(path, errno)
        } catch {
            throw .payloadNotWritten(path, .ioError)
        }
    }

    func remove() {
        _ = unlink(path.string)
    }
}
