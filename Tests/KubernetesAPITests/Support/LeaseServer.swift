import KubernetesModel
import Synchronization
import TestSupport
import Testing

@testable import KubernetesAPI

/// One lease, as an API server keeps it.
///
/// Synchronization: one mutex.
final class LeaseServer: Sendable {
    private struct State {
        var lease: DocumentNode?
        var version = 0
        var isBroken = false
    }
    private let state = Mutex(State())

    var record: LeaseRecord? { state.withLock { $0.lease.map { LeaseRecord($0) } } }
    func breakDown(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }
    func write(_ record: LeaseRecord) {
        state.withLock { state in
            state.version += 1
            state.lease = record.written(into: state.lease ?? LeaseRecord.empty(name: "l", namespace: "n"))
            state.lease?[["metadata", "resourceVersion"]] = .string("\(state.version)")
        }
    }

    var script: ScriptedServer.Script {
        { exchange in
            let (code, body) = try self.answer(exchange.request)
            try await exchange.answer(code, body)
        }
    }

    private func answer(_ request: ScriptedServer.Request) throws -> (Int, String) {
        try state.withLock { state in
            if state.isBroken { return (500, "{}") }
            if request.method == "GET" {
                guard let lease = state.lease else { return (404, Sample.status(404, "NotFound")) }
                return (200, DocumentWriter.json(lease))
            }
            var new = try Sample.node(request.body)
            let isStale =
                request.method == "POST" ? state.lease != nil : new.resourceVersion != state.lease?.resourceVersion
            if isStale { return (409, Sample.status(409, "Conflict")) }
            state.version += 1
            new[["metadata", "resourceVersion"]] = .string("\(state.version)")
            state.lease = new
            return (200, DocumentWriter.json(new))
        }
    }
}
