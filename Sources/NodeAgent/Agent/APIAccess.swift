internal import KubernetesAPI
internal import KubernetesModel
internal import Logging
internal import Synchronization

/// How owners speak to the API.
///
/// Synchronization: all is immutable but what discovery found, which is behind a mutex.
package final class APIAccess: Sendable {
    let client: KubernetesClient
    let recorder: EventRecorder
    private let statusPath = Mutex<Bool?>(nil)
    private let discovery = Counter()
    private let wakes = Counter()
    private let logger: Logger

    init(_ client: KubernetesClient, recorder: EventRecorder, logger: Logger) {
        self.client = client
        self.recorder = recorder
        self.logger = logger
    }

    /// Whether a VMI's status is written through `/status`; nil until the API said so. KubeVirt's own CRD has no such
    /// path.
    var hasStatusSubresource: Bool? { statusPath.withLock { $0 } }

    /// Returns once ``hasStatusSubresource`` is known.
    func discovered() async { await discovery.pass(0) }

    /// The API answers others: whoever waits for it asks anew.
    func wake() { wakes.advance() }

    /// Asks the API how a VMI's status is written, until it answers.
    func discover() async {
        var attempt = 0
        while !Task.isCancelled {
            let mark = wakes.value
            do throws(APIError) {
                let found = try await client.hasStatusSubresource(.instances)
                statusPath.withLock { $0 = found }
                discovery.advance()
                return
            } catch {
                attempt += 1
                let hint =
                    error.isNotFound ? ": virt-node debug crd | kubectl create -f - makes it known there" : ""
                if attempt == 1 { logger.warning("the API does not tell of VMIs: \(error)\(hint)") }
            }
            let seconds = OwnerBackoff.seconds(attempt: attempt, longest: 15)
            await wakes.pass(mark, orAfter: .seconds(seconds))
        }
    }

    /// The newest state of an owner's VMI: by `get`, or by a list of one where the rights allow no more. Nil where the API
    /// says that there is none with this uid; only its own word counts.
    func find(_ owner: MachineOwner) async throws(APIError) -> DocumentNode? {
        let found: DocumentNode?
        do throws(APIError) {
            found = try await client.get(.instances, namespace: owner.namespace, name: owner.name)
        } catch {
            if error.isNotFound { return nil }
            guard error.isForbidden else { throw error }
            let list = try await client.list(
                .instances, namespace: owner.namespace, fieldSelector: "metadata.name=\(owner.name)")
            found = list.items.first
        }
        return found?.objectUID == owner.uid ? found : nil
    }
}
