import HTTPTypes
package import Hummingbird
import KubernetesModel
package import Logging
import NIOCore
package import Serving

/// What the command line asks a daemon about its VMs; nothing here changes anything.
///
///     GET /virt-node/v1/overview
///     GET /virt-node/v1/namespaces/NS/machines/NAME
///     GET /virt-node/v1/namespaces/NS/machines/NAME/log[?follow=true]
package struct ReportRoutes: Sendable {
    private let hands: any MachineHands

    private let logger: Logger

    package init(_ hands: any MachineHands, logger: Logger) {
        self.hands = hands
        self.logger = logger
    }

    package func addRoutes(to router: Router<ServingContext>) {
        let group = router.group("/virt-node/v1")
        group.get("overview") { _, _ in JSONAnswer.response(await hands.overview()) }
        group.get("namespaces/:namespace/machines/:name") { _, context in try await report(context) }
        group.get("namespaces/:namespace/machines/:name/log") { request, context in try await log(request, context) }
    }

    private func report(_ context: ServingContext) async throws(StatusError) -> Response {
        let (namespace, name) = try SubresourceRoutes.instance(context)
        do throws(HandsError) {
            return JSONAnswer.response(try await hands.report(namespace: namespace, name: name))
        } catch {
            throw error.status
        }
    }

    /// What the guest printed last; with `follow`, and what it prints until the VM ends.
    private func log(_ request: Request, _ context: ServingContext) async throws(StatusError) -> Response {
        let (namespace, name) = try SubresourceRoutes.instance(context)
        let hub: ConsoleHub
        do throws(HandsError) {
            hub = try await hands.console(namespace: namespace, name: name)
        } catch {
            throw error.status
        }
        StreamAudit.didRead("log", namespace, name, by: context.identity, logger)
        let headers: HTTPFields = [.contentType: "application/octet-stream"]
        guard request.uri.queryParameters.get("follow") == "true" else {
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: hub.recent)))
        }
        let output = hub.watch(replaysRecent: true)
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                for await bytes in output { try await writer.write(ByteBuffer(bytes: bytes)) }
                try await writer.finish(nil)
            })
    }
}
