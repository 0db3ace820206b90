import KubernetesModel
import Serving

/// The bodies that KubeVirt's subresources take. An empty one is as good as `{}`, and so is an object that says nothing
/// about it, such as what `kubectl replace --raw … -f -` is given.
struct CommandBody: Sendable {
    /// Bytes of a body; more is refused.
    static let limit = 64 * 1024

    private let node: DocumentNode?

    init(_ text: String) throws(StatusError) {
        guard text.contains(where: { !$0.isWhitespace }) else {
            node = nil
            return
        }
        do throws(DocumentError) {
            node = try DocumentReader().read(text).first
        } catch {
            throw .badRequest("the body cannot be read: \(error.description)")
        }
        switch node?.value {
        case .object?, .null?, nil: break
        default: throw .badRequest("the body must be an object")
        }
    }

    /// Whether nothing shall be done, only checked: `dryRun: [All]`.
    var isDryRun: Bool {
        get throws(StatusError) {
            guard let list = node?["dryRun"] else { return false }
            let values = list.elements.map(\.text)
            guard case .array = list.value, values.allSatisfy({ $0 == "All" }) else {
                throw .badRequest("dryRun: the only value is All, as in {\"dryRun\": [\"All\"]}")
            }
            return !values.isEmpty
        }
    }

    /// `unfreezeTimeout` in seconds, which KubeVirt wants.
    var unfreezeTimeout: Int64 {
        get throws(StatusError) {
            guard let text = node?["unfreezeTimeout"]?.text else {
                throw .badRequest("unfreezeTimeout is missing: say when to thaw, as in {\"unfreezeTimeout\": \"5m0s\"}")
            }
            guard let seconds = GoDuration.seconds(text), seconds >= 0 else {
                throw .badRequest("unfreezeTimeout: \(text) is no duration such as 5m0s")
            }
            return seconds
        }
    }

    /// `gracePeriod` in seconds, where given.
    var gracePeriod: Int64? {
        get throws(StatusError) {
            guard let value = node?["gracePeriod"] else { return nil }
            guard case .number(let text) = value.value, let seconds = Int64(text), seconds >= 0 else {
                throw .badRequest("gracePeriod must be a number of seconds, 0 or more")
            }
            return seconds
        }
    }
}
