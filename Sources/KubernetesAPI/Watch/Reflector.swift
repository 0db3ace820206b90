import AsyncHTTPClient
package import KubernetesModel
package import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Keeps up with all objects of one kind that the server selects for us: a list, and then a watch from there on.
///
/// It survives whatever the API does. What it says in `events` is complete and in order: nothing is dropped, however
/// slow the reader is. It never says that an object is gone unless the server said so.
///
/// Synchronization: `run` owns the connection. A mutex guards the state machine, since the reader of a watch is a child
/// task; nothing else touches it.
package final class Reflector: Sendable {
    /// For one reader.
    package let events: AsyncStream<ReflectorEvent>

    private let client: KubernetesClient
    private let resource: APIResource
    private let namespace: String?
    private let selectors: (label: String?, field: String?)
    private let settings: ReflectorSettings
    private let logger: Logger
    private let output: AsyncStream<ReflectorEvent>.Continuation
    private let machine: Mutex<ReflectorStateMachine>
    private let counts = Mutex<[String: Int]>([:])

    package init(
        _ client: KubernetesClient, _ resource: APIResource, namespace: String? = nil, labelSelector: String? = nil,
        fieldSelector: String? = nil, settings: ReflectorSettings = ReflectorSettings(), logger: Logger
    ) {
        self.client = client
        self.resource = resource
        self.namespace = namespace
        selectors = (labelSelector, fieldSelector)
        self.settings = settings
        var logger = logger
        logger[metadataKey: "resource"] = "\(resource.plural)"
        self.logger = logger
        (events, output) = AsyncStream.makeStream()
        machine = Mutex(ReflectorStateMachine(settings.backoff, random: settings.random))
    }

    /// How many watches ended, by one word for why.
    package var endings: [String: Int] { counts.withLock { $0 } }

    /// Runs until the task is cancelled; `events` ends then.
    package func run() async {
        defer { output.finish() }
        while !Task.isCancelled {
            let (step, pause) = machine.withLock { ($0.step, $0.pause) }
            if pause > .zero {
                do { try await settings.time.sleep(pause) } catch { return }
            }
            switch step {
            case .list: await list()
            case .watch(let from): await watch(from)
            }
        }
    }

    private func list() async {
        do throws(APIError) {
            let list = try await client.list(
                resource, namespace: namespace, labelSelector: selectors.label, fieldSelector: selectors.field)
            tell { $0.listed(list) }
        } catch {
            tell { $0.listFailed(error) }
        }
    }

    private func watch(_ from: String) async {
        let seconds = settings.watchSeconds + Int(Double(settings.watchSeconds) * settings.random())
        do throws(APIError) {
            var call = HTTPCall(method: .GET, path: try client.path(resource, namespace, nil, nil))
            call.query =
                KubernetesClient.selectors(selectors.label, selectors.field) + [
                    ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", from),
                    ("timeoutSeconds", "\(seconds)"),
                ]
            let body = try await client.watch(call)
            let opened = settings.time.monotonic()
            tell { $0.watchOpened(at: opened) }
            let ending = await follow(body, WatchPulse(settings, watchSeconds: seconds))
            if ending != .closed { logger.info("a watch ended", metadata: ["ending": "\(ending)"]) }
            end(ending)
        } catch {
            end(.failed(error))
        }
    }

    private func end(_ ending: ReflectorStateMachine.WatchEnding) {
        counts.withLock { $0[ending.word, default: 0] += 1 }
        let now = settings.time.monotonic()
        tell { $0.watchEnded(ending, at: now) }
    }

    /// Reads until the watch ends, or until it is silent for too long.
    private func follow(
        _ body: HTTPClientResponse.Body, _ pulse: WatchPulse
    ) async -> ReflectorStateMachine.WatchEnding {
        await withTaskGroup(of: ReflectorStateMachine.WatchEnding.self) { group in
            group.addTask { await self.read(body, pulse) }
            group.addTask {
                do { try await pulse.untilSilent() } catch { return .closed }
                return .silent
            }
            let ending = await group.next()
            group.cancelAll()
            return ending ?? .closed
        }
    }

    private func read(
        _ body: HTTPClientResponse.Body, _ pulse: WatchPulse
    ) async -> ReflectorStateMachine.WatchEnding {
        var splitter = LineSplitter(limit: settings.maximumLine)
        do {
            for try await bytes in body {
                pulse.beat()
                for line in splitter.append(bytes.readableBytesView) {
                    if let ending = take(line, pulse) { return ending }
                }
            }
        } catch {
            logger.debug("a watch was cut", metadata: ["problem": "\(error)"])
        }
        return .closed
    }

    /// Tells what a line says; an ending where it ends the watch. What cannot be read may be a change of any object, and
    /// comes no second time: a new list tells it.
    private func take(_ line: LineSplitter.Line, _ pulse: WatchPulse) -> ReflectorStateMachine.WatchEnding? {
        switch line {
        case .tooLong(let bytes):
            logger.error(
                "an event of a watch is too long: all objects are listed anew",
                metadata: ["bytes": "\(bytes)", "limit": "\(settings.maximumLine)"])
            return .unreadable
        case .text(let text):
            do throws(APIError) {
                let event = try WatchLine.read(text, maximumBytes: settings.maximumLine)
                if case .error(let code, let message) = event { return .refused(code: code, message: message) }
                if case .bookmark = event { pulse.noteBookmark() }
                tell { $0.received(event) }
            } catch {
                logger.error(
                    "an event of a watch cannot be read: all objects are listed anew",
                    metadata: ["problem": "\(error)"])
                return .unreadable
            }
        }
        return nil
    }

    private func tell(_ input: (inout ReflectorStateMachine) -> [ReflectorEvent]) {
        let events = machine.withLock { input(&$0) }
        for event in events {
            if case .interrupted(let error) = event {
                logger.warning("the API is lost", metadata: ["problem": "\(error)"])
            }
            if event == .resumed { logger.info("the API is back") }
            output.yield(event)
        }
    }
}
