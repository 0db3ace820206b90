import FoundationEssentials
import Glibc
package import SystemPackage

/// The holds of a node, one file a VM, named by its uid, synced before a call returns.
///
/// A file is whole or absent, whatever happens: it is written beside its place and moved there.
package struct DeviceLedger: Sendable {
    private let folder: FilePath

    /// The folder is made with the first hold.
    package init(_ folder: FilePath) { self.folder = folder }

    /// Stores a hold in place of an earlier one of the VM.
    package func store(_ hold: DeviceHold) throws(DeviceError) {
        let path = try file(hold.uid)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do { data = try encoder.encode(hold) } catch { throw failure(path, "encode", .invalidArgument) }
        if mkdir(folder.string, 0o700) != 0, errno != EEXIST {
            throw failure(folder, "make", Errno(rawValue: errno))
        }
        let temporary = folder.appending(".\(hold.uid)-\(getpid())")
        do {
            let descriptor = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite)
            try descriptor.closeAfter {
                try descriptor.writeAll(data)
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(temporary.string, path.string) == 0 else { throw Errno(rawValue: errno) }
            try syncFolder()
        } catch {
            unlink(temporary.string)
            throw failure(path, "write", error as? Errno ?? .ioError)
        }
    }

    /// Removes the hold of a VM, once all that it names is given back. One that is absent is removed.
    package func remove(uid: String) throws(DeviceError) {
        let path = try file(uid)
        guard unlink(path.string) == 0 else {
            if errno == ENOENT { return }
            throw failure(path, "remove", Errno(rawValue: errno))
        }
        do { try syncFolder() } catch { throw failure(folder, "sync", error as? Errno ?? .ioError) }
    }

    /// Stores what is left of a hold, or removes it.
    package func settle(_ result: DeviceReturn) throws(DeviceError) {
        if result.left.isEmpty { try remove(uid: result.left.uid) } else { try store(result.left) }
    }

    /// All holds, by uid, and the names of files that this version cannot read: while there are any, nobody knows what
    /// is held.
    package func read() -> DeviceLedgerContents {
        var contents = DeviceLedgerContents()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        for name in names.sorted() where !name.hasPrefix(".") {
            if let hold = hold(name) { contents.holds.append(hold) } else { contents.unreadable.append(name) }
        }
        return contents
    }

    private func hold(_ name: String) -> DeviceHold? {
        guard let data = FileManager.default.contents(atPath: folder.appending(name).string),
            let hold = try? JSONDecoder().decode(DeviceHold.self, from: data),
            hold.schema <= DeviceHold.currentSchema, name == "\(hold.uid).json"
        else { return nil }
        return hold
    }

    /// Letters, digits and dashes: a uid is a UUID, or what a manifest's author took for one.
    private func file(_ uid: String) throws(DeviceError) -> FilePath {
        let fits = uid.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D: true
            default: false
            }
        }
        guard fits, (1...128).contains(uid.utf8.count) else { throw .notAUID(uid) }
        return folder.appending("\(uid).json")
    }

    private func syncFolder() throws {
        let descriptor = try FileDescriptor.open(folder, .readOnly, options: [.directory, .closeOnExec])
        try descriptor.closeAfter {
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    private func failure(_ path: FilePath, _ action: String, _ problem: Errno) -> DeviceError {
        .ledgerFile(path: path, action: action, problem)
    }
}

/// What a ledger holds.
package struct DeviceLedgerContents: Sendable, Hashable {
    package var holds: [DeviceHold] = []
    package var unreadable: [String] = []

    package init(holds: [DeviceHold] = [], unreadable: [String] = []) {
        self.holds = holds
        self.unreadable = unreadable
    }
}
