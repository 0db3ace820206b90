import KubernetesModel

/// Decides what a reflector does next, and what it tells. Pure: the driver does the requests, and says how they went.
///
///     needsList ──listed──▶ watching(from) ──watchEnded──▶ watching(from)      closed, cut, silent, not reached
///         ▲                     │
///         └── 410, unreadable ──┘
///
/// Beside it: whether the API is lost (told once, and once when it is back), and how long to wait before the next try.
struct ReflectorStateMachine {
    enum Step: Equatable {
        case list
        case watch(from: String)
    }

    enum WatchEnding: Equatable {
        /// By the server, or by a cut connection.
        case closed
        /// By us: nothing came for too long.
        case silent
        /// It never began.
        case failed(APIError)
        /// The server sent an ERROR event.
        case refused(code: Int, message: String)
        /// By us: it brought something that cannot be read.
        case unreadable

        /// For metrics.
        var word: String {
            switch self {
            case .closed: "closed"
            case .silent: "silent"
            case .failed: "failed"
            case .refused(code: 410, _): "expired"
            case .refused: "refused"
            case .unreadable: "unreadable"
            }
        }
    }

    private(set) var step: Step = .list
    /// To be waited before the step.
    private(set) var pause: Duration = .zero
    private var isLost = false
    private var ledger = ObjectLedger()
    private var backoff: Backoff
    private let random: @Sendable () -> Double
    /// When the open watch began, and whether it brought anything.
    private var opened: Duration = .zero
    private var isProductive = false
    /// Watches that the server refused in a row.
    private var refusals = 0
    private var goneInARow = 0

    /// A watch that ends sooner than this, and brought nothing, is a failure.
    private static let shortWatch: Duration = .seconds(1)

    init(_ backoff: Backoff, random: @escaping @Sendable () -> Double) {
        self.backoff = backoff
        self.random = random
    }

    mutating func listed(_ list: ObjectList) -> [ReflectorEvent] {
        let objects = list.items.filter { !$0.objectName.isEmpty }.map(Self.slim)
        ledger.replace(objects)
        step = .watch(from: list.resourceVersion)
        refusals = 0
        // After a 410 the next watch must prove itself before a list is made at once again.
        pause = goneInARow > 1 ? backoff.next(random) : .zero
        if goneInARow == 0 { backoff.reset() }
        return found() + [.replaced(objects)]
    }

    mutating func listFailed(_ error: APIError) -> [ReflectorEvent] {
        step = .list
        return failed(error)
    }

    mutating func watchOpened(at now: Duration) -> [ReflectorEvent] {
        opened = now
        isProductive = false
        pause = .zero
        return found()
    }

    /// What an event means. After an ERROR the driver ends the watch by `refused`.
    mutating func received(_ event: WatchEvent) -> [ReflectorEvent] {
        switch event {
        case .added(let object), .modified(let object):
            noteProgress(object.resourceVersion)
            return ledger.isNews(object) ? [.changed(Self.slim(object))] : []
        case .deleted(let object):
            noteProgress(object.resourceVersion)
            return ledger.isRemoval(object) ? [.removed(Self.slim(object))] : []
        case .bookmark(let version):
            noteProgress(version)
            return []
        case .error: return []
        }
    }

    mutating func watchEnded(_ ending: WatchEnding, at now: Duration) -> [ReflectorEvent] {
        switch ending {
        case .closed:
            let isSound = isProductive || now - opened >= Self.shortWatch
            if isSound { backoff.reset() }
            pause = isSound ? .zero : backoff.next(random)
            return []
        case .silent:
            pause = .zero
            return []
        case .failed(let error) where error.isGone, .failed(let error) where error.code == 400: return relist(error)
        case .failed(let error):
            if error.code != nil, !error.isTooManyRequests { refusals += 1 }
            // The server is there, and says no each time: perhaps to this resourceVersion.
            if refusals >= 3 { step = .list }
            return failed(error)
        case .refused(let code, let message):
            return relist(.status(code: code, reason: "", message: message, retryAfter: nil))
        case .unreadable: return relist(.unreadable(what: "an event of a watch", reason: ""))
        }
    }

    /// Only a new list helps. The first time it is made at once.
    private mutating func relist(_ error: APIError) -> [ReflectorEvent] {
        step = .list
        goneInARow += 1
        pause = goneInARow > 1 || !error.isGone ? backoff.next(random) : .zero
        return []
    }

    private mutating func failed(_ error: APIError) -> [ReflectorEvent] {
        pause = max(backoff.next(random), error.retryAfter ?? .zero)
        // A server that is busy is there.
        guard !isLost, !error.isTooManyRequests, error != .cancelled else { return [] }
        isLost = true
        return [.interrupted(error)]
    }

    private mutating func found() -> [ReflectorEvent] {
        defer { isLost = false }
        return isLost ? [.resumed] : []
    }

    /// A watch that starts here later misses nothing, and repeats little.
    private mutating func noteProgress(_ version: String?) {
        isProductive = true
        refusals = 0
        goneInARow = 0
        guard let version, case .watch(let from) = step else { return }
        if let new = ObjectLedger.number(version), let old = ObjectLedger.number(from), new <= old { return }
        step = .watch(from: version)
    }

    /// Who wrote which field when is a third of an object, and nobody here asks. A write without it changes nothing.
    private static func slim(_ object: DocumentNode) -> DocumentNode {
        guard object["metadata"]?["managedFields"] != nil else { return object }
        var object = object
        object[["metadata", "managedFields"]] = nil
        return object
    }
}
