import KubernetesModel
import Synchronization

/// One page of a list.
struct ListPage: Sendable {
    var objects: [StoredObject]
    var version: Int64
    /// The token of the next page; nil after the last.
    var next: String?
    var remaining = 0

    /// The list's `metadata`.
    var metadata: DocumentNode {
        var members = [DocumentMember("resourceVersion", .string("\(version)"))]
        if let next {
            members.append(DocumentMember("continue", .string(next)))
            members.append(DocumentMember("remainingItemCount", .number(remaining)))
        }
        return .object(members)
    }
}

/// What is left of lists that were asked for in pages, so that all pages are of one version.
///
/// Keeps the latest few only: whoever comes too late is told to list anew.
///
/// Synchronization: one lock.
final class ListSnapshots: Sendable {
    private static let mostKept = 16

    private struct Kept {
        var token: String
        var rest: ArraySlice<StoredObject>
        var version: Int64
    }

    private struct State {
        var kept: [Kept] = []
        var last = 0
    }

    private let state = Mutex(State())

    func first(_ objects: [StoredObject], version: Int64, limit: Int) -> ListPage {
        page(objects[...], version: version, limit: limit)
    }

    /// The page that a token stands for; nil where it is forgotten. A token may be used again.
    func next(_ token: String, limit: Int) -> ListPage? {
        guard let kept = state.withLock({ $0.kept.first { $0.token == token } }) else { return nil }
        return page(kept.rest, version: kept.version, limit: limit)
    }

    private func page(_ objects: ArraySlice<StoredObject>, version: Int64, limit: Int) -> ListPage {
        guard limit > 0, objects.count > limit else { return ListPage(objects: Array(objects), version: version) }
        let rest = objects.dropFirst(limit)
        let token = state.withLock { state -> String in
            state.last += 1
            let token = "\(version)-\(state.last)-\(UInt32.random(in: .min ... .max))"
            state.kept.append(Kept(token: token, rest: rest, version: version))
            if state.kept.count > Self.mostKept { state.kept.removeFirst() }
            return token
        }
        return ListPage(
            objects: Array(objects.prefix(limit)), version: version, next: token, remaining: rest.count)
    }
}
