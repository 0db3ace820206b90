import HTTPTypes
package import Hummingbird
import KubernetesModel
package import Logging
import NIOCore
package import Serving

/// KubeVirt's subresources of VMIs: the paths of virt-handler, which virt-api forwards to, and those of virt-api, which
/// kubectl and virtctl use.
///
/// Successes are answered as virt-handler does: 202 without a body for a command, 200 with JSON for a question, the
/// picture itself for a screenshot. Beside KubeVirt's commands there are two of ours: `restart` and `stop`.
package struct SubresourceRoutes: Sendable {
    /// What precedes `/namespaces/…` in the paths.
    package enum Prefix: Sendable, CaseIterable {
        /// virt-handler's, on port 8186.
        case handler
        /// virt-api's two versions.
        case api
        case apiAlpha

        var path: String {
            switch self {
            case .handler: "/v1"
            case .api: "/apis/subresources.kubevirt.io/v1"
            case .apiAlpha: "/apis/subresources.kubevirt.io/v1alpha3"
            }
        }

        var instance: String { path + "/namespaces/:namespace/virtualmachineinstances/:name" }
    }

    /// The common name of the client certificate that KubeVirt's operator makes for virt-api's calls to port 8186.
    package static let clientNames = ["kubevirt.io:system:client:virt-handler"]

    private let hands: any MachineHands
    private let sessions: StreamSessions
    private let prefixes: [Prefix]
    private let logger: Logger

    package init(_ hands: any MachineHands, sessions: StreamSessions, prefixes: [Prefix], logger: Logger) {
        self.hands = hands
        self.sessions = sessions
        self.prefixes = prefixes
        self.logger = logger
    }

    package func addRoutes(to router: Router<ServingContext>) {
        for prefix in prefixes {
            let group = router.group(RouterPath(prefix.instance))
            for (name, command) in Self.commands {
                group.put(RouterPath(name)) { request, context in
                    try await perform(command, request, context)
                }
            }
            for (name, question) in Self.questions {
                group.get(RouterPath(name)) { _, context in try await ask(question, context) }
            }
            group.get("vnc/screenshot") { _, context in try await screenshot(context) }
        }
    }

    /// The consoles.
    package var webSockets: [WebSocketRoute] {
        prefixes.flatMap { prefix in
            [
                ConsoleStream(hands, sessions: sessions, logger: logger).route(prefix.instance + "/console"),
                VNCStream(hands, sessions: sessions, logger: logger).route(prefix.instance + "/vnc"),
            ]
        }
    }

    private typealias Command = @Sendable (CommandBody) throws(StatusError) -> MachineCommand

    private static let commands: [(name: String, command: Command)] = [
        ("pause", { _ throws(StatusError) in .pause }),
        ("unpause", { _ throws(StatusError) in .unpause }),
        ("freeze", { body throws(StatusError) in .freeze(unfreezeAfter: try body.unfreezeTimeout) }),
        ("unfreeze", { _ throws(StatusError) in .unfreeze }),
        ("reset", { _ throws(StatusError) in .reset }),
        ("softreboot", { _ throws(StatusError) in .softReboot }),
        ("restart", { _ throws(StatusError) in .restart }),
        ("stop", { body throws(StatusError) in .stop(gracePeriod: try body.gracePeriod) }),
    ]

    private static let questions: [(name: String, question: MachineCommand)] = [
        ("guestosinfo", .guestOSInfo), ("userlist", .userList), ("filesystemlist", .filesystemList),
    ]

    private func perform(
        _ command: Command, _ request: Request, _ context: ServingContext
    ) async throws(StatusError) -> Response {
        let body = try await Self.body(of: request)
        let (namespace, name) = try Self.instance(context)
        let command = try command(body)
        if try body.isDryRun {
            _ = try await asking { () throws(HandsError) in try await hands.report(namespace: namespace, name: name) }
            return Response(status: .accepted)
        }
        logger.info(
            "command",
            metadata: ["vmi": "\(namespace)/\(name)", "command": "\(command)", "user": "\(context.identity)"])
        _ = try await asking { () throws(HandsError) in
            try await hands.perform(command, namespace: namespace, name: name)
        }
        return Response(status: .accepted)
    }

    private func ask(_ question: MachineCommand, _ context: ServingContext) async throws(StatusError) -> Response {
        let (namespace, name) = try Self.instance(context)
        let answer = try await asking { () throws(HandsError) in
            try await hands.perform(question, namespace: namespace, name: name)
        }
        return JSONAnswer.response(answer ?? .object([]))
    }

    private func screenshot(_ context: ServingContext) async throws(StatusError) -> Response {
        let (namespace, name) = try Self.instance(context)
        let answer = try await asking { () throws(HandsError) in
            try await hands.perform(.screenshot, namespace: namespace, name: name)
        }
        guard let data = answer?["data"]?.text, let bytes = Base64.decode(data) else {
            throw StatusError(500, reason: "InternalError", message: "\(namespace)/\(name): QEMU gave no picture")
        }
        StreamAudit.didRead("picture", namespace, name, by: context.identity, logger)
        return Response(
            status: .ok, headers: [.contentType: answer?["mime"]?.text ?? "image/png"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func asking<Result>(
        _ body: () async throws(HandsError) -> Result
    ) async throws(StatusError) -> Result {
        do throws(HandsError) {
            return try await body()
        } catch {
            throw error.status
        }
    }

    private static func body(of request: Request) async throws(StatusError) -> CommandBody {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: CommandBody.limit)
        } catch {
            throw .badRequest("the body is longer than \(CommandBody.limit) bytes, or ended early")
        }
        return try CommandBody(String(buffer: bytes))
    }

    static func instance(_ context: ServingContext) throws(StatusError) -> (namespace: String, name: String) {
        guard let namespace = context.parameters.get("namespace"), let name = context.parameters.get("name") else {
            throw .badRequest("the path names no namespace and VMI")
        }
        return (namespace, name)
    }
}
