internal import HTTPTypes
internal import Hummingbird
internal import KubernetesModel
internal import Serving

/// What an operator asks of the node itself: `POST` and `DELETE` of `/virt-node/v1/drain`, and who holds what of it,
/// `GET /virt-node/v1/resources`.
struct ControlRoutes: Sendable {
    private let core: AgentCore

    init(_ core: AgentCore) { self.core = core }

    func addRoutes(to router: Router<ServingContext>) {
        router.get("/virt-node/v1/resources") { [core] _, _ in
            JSONAnswer.response(core.environment.allocator.document())
        }
        router.post("/virt-node/v1/drain") { [core] _, _ in
            do throws(AgentError) {
                return JSONAnswer.response(.object([.init("stopped", .number(try await core.drain()))]))
            } catch {
                throw StatusError(500, reason: "InternalError", message: ErrorText.line(error))
            }
        }
        router.delete("/virt-node/v1/drain") { [core] _, _ in
            do throws(AgentError) { try core.undrain() } catch {
                throw StatusError(500, reason: "InternalError", message: ErrorText.line(error))
            }
            return JSONAnswer.response(.object([]))
        }
    }
}
