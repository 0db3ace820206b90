internal import CLibvirt
internal import Dispatch

/// Asks the host's daemon who it is, with a limit: a daemon that takes connections and never answers must not hang us.
package enum SystemProbe {
    package enum Answer: Sendable, Equatable {
        /// The hypervisor's version, such as `7.2.22`.
        case version(String)
        case failed(LibvirtError)
        case silent(seconds: Int)
    }

    /// A daemon that answers after the limit finds its connection closed; its thread ends then.
    package static func ask(within seconds: Int = 5) async -> Answer {
        do throws(LibvirtError) { try EventLoop.start() } catch { return .failed(error) }
        let (answers, continuation) = AsyncStream.makeStream(of: Answer.self)
        DispatchQueue(label: "libvirt.probe").async {
            continuation.yield(connectAndAsk())
            continuation.finish()
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            continuation.yield(.silent(seconds: seconds))
            continuation.finish()
        }
        for await answer in answers { return answer }
        return .silent(seconds: seconds)
    }

    private static func connectAndAsk() -> Answer {
        let uri = LibvirtEndpoint.system.uri
        // SAFETY: the URI is copied during the call; the connection is closed once, after its last use.
        guard let connection = unsafe virConnectOpenReadOnly(uri) else {
            return .failed(.unreachable(uri: uri, lastFailure()))
        }
        defer { unsafe _ = virConnectClose(connection) }
        var version: UInt = 0
        guard unsafe virConnectGetVersion(connection, &version) == 0 else {
            return .failed(.call(function: "virConnectGetVersion", lastFailure()))
        }
        return .version(versionText(version))
    }
}
