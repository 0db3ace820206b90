import Serving
import Synchronization

/// Who has which console open: one serial and one VNC session a VM, as in KubeVirt. A new one ends the old, unless its
/// user asked to preserve it (`preserveSession=true`): then the new one is refused.
///
/// Owns a place per console and VM. All addresses that serve consoles share one value of this.
///
/// Synchronization: behind one mutex.
package final class StreamSessions: Sendable {
    enum Kind: String, Sendable {
        case serial
        case vnc
    }

    struct Key: Hashable, Sendable {
        let kind: Kind
        let namespace: String
        let name: String
    }

    private struct State {
        var places: [Key: (id: Int, taken: AsyncStream<Never>.Continuation)] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes the place of a console, or says why it cannot be had. It is free again when the session is gone.
    func open(_ key: Key, preservingOthers: Bool) throws(StatusError) -> StreamSession {
        let (taken, continuation) = AsyncStream.makeStream(of: Never.self)
        let (old, id) = state.withLock { state in
            let old = state.places[key]?.taken
            if old != nil, preservingOthers { return (old, Int?.none) }
            defer { state.next += 1 }
            state.places[key] = (state.next, continuation)
            return (old, state.next)
        }
        guard let id else {
            throw .unavailable(
                "\(key.namespace)/\(key.name): the \(key.kind.rawValue) console is in use: close that session, or open this one without preserveSession"
            )
        }
        old?.finish()
        return StreamSession(id: id, key: key, taken: taken, in: self)
    }

    /// The consoles that somebody has open.
    var open: [Key] { state.withLock { Array($0.places.keys) } }

    /// Whether somebody has the console open.
    func isOpen(_ key: Key) -> Bool { state.withLock { $0.places[key] != nil } }

    fileprivate func close(_ key: Key, id: Int) {
        state.withLock { state in
            if state.places[key]?.id == id { state.places[key] = nil }
        }
    }
}

/// A console that is open: its place is free again when this goes.
final class StreamSession: Sendable {
    /// The close code of a session whose place another took; from the range for private use.
    static let takenCode: UInt16 = 4001

    private let id: Int
    private let key: StreamSessions.Key
    private let taken: AsyncStream<Never>
    private let sessions: StreamSessions

    fileprivate init(id: Int, key: StreamSessions.Key, taken: AsyncStream<Never>, in sessions: StreamSessions) {
        self.id = id
        self.key = key
        self.taken = taken
        self.sessions = sessions
    }

    deinit { close() }

    func close() { sessions.close(key, id: id) }

    /// Closes the connection once another takes the place; returns without when cancelled.
    func closeWhenTaken(_ connection: WebSocketConnection) async {
        for await _ in taken {}
        if !Task.isCancelled {
            await connection.close(code: Self.takenCode, reason: "another session has taken the console")
        }
    }
}
