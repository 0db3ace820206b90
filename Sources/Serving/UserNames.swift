import Glibc
import NIOPosix
import Synchronization

/// Names of Unix users. They are kept: a user is looked up once.
///
/// Synchronization: the names are behind one mutex; the look-up, which may ask the network, runs on NIO's threads.
enum UserNames {
    private static let names = Mutex<[UInt32: String]>([:])

    /// The user's name; `uid:N` for one without.
    static func name(of uid: UInt32) async -> String {
        if let name = names.withLock({ $0[uid] }) { return name }
        let found = try? await NIOThreadPool.singleton.runIfActive { lookUp(uid) }
        let name = (found ?? nil) ?? "uid:\(uid)"
        names.withLock { names in
            if names.count > 1000 { names = [:] }
            names[uid] = name
        }
        return name
    }

    private static func lookUp(_ uid: UInt32) -> String? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16384) { buffer in
            guard let storage = buffer.baseAddress,
                getpwuid_r(uid, &entry, storage, buffer.count, &result) == 0, result != nil,
                let name = entry.pw_name
            else { return nil }
            return String(cString: name)
        }
    }
}
