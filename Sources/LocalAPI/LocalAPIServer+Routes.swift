import HTTPTypes
package import Hummingbird
import KubernetesModel
import NIOCore
package import Serving

extension LocalAPIServer {
    /// Serves the API on a router; subresources of VMIs, which somebody else serves, are left free.
    package func addRoutes(to router: Router<ServingContext>) {
        let paths: [RouterPath] = [
            "/", "/version", "/healthz", "/healthz/*", "/livez", "/livez/*", "/readyz", "/readyz/*", "/openapi/**",
            "/api", "/api/**", "/apis", "/apis/kubevirt.io", "/apis/kubevirt.io/**", "/apis/coordination.k8s.io",
            "/apis/coordination.k8s.io/**", "/apis/authorization.k8s.io/**", "/apis/subresources.kubevirt.io",
            "/apis/subresources.kubevirt.io/v1",
        ]
        for path in paths {
            for method: HTTPRequest.Method in [.get, .post, .put, .patch, .delete] {
                router.on(path, method: method) { request, context in await self.serve(request, context) }
            }
        }
    }

    private func serve(_ request: Request, _ context: ServingContext) async -> Response {
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: APIRequest.bodyLimit) } catch {
            return Self.response(
                APIResponse(
                    APIStatus(
                        413, "RequestEntityTooLarge",
                        "the body is longer than \(APIRequest.bodyLimit) bytes, or was cut off: send less")))
        }
        let identity = context.identity
        let isAgent = identity.how == .token && identity.name == Self.agentName
        let asked = APIRequest(
            method: request.method.rawValue, target: request.head.path ?? "/",
            accept: request.headers[.accept] ?? "", contentType: request.headers[.contentType] ?? "",
            userAgent: request.headers[.userAgent] ?? "",
            caller: APICaller(name: identity.name, groups: identity.groups, isAgent: isAgent),
            body: Array(body.readableBytesView))
        guard let asked else { return Self.response(APIResponse(.badRequest("the path is not one of a URL"))) }
        return Self.response(await answer(asked))
    }

    private static func response(_ answer: APIResponse) -> Response {
        var headers: HTTPFields = [.contentType: answer.contentType]
        headers[.cacheControl] = "no-cache, private"
        if let seconds = answer.retryAfterSeconds { headers[.retryAfter] = "\(seconds)" }
        if let name = HTTPField.Name("Warning") {
            for warning in answer.warningHeaders { headers.append(HTTPField(name: name, value: warning)) }
        }
        let status = HTTPResponse.Status(code: answer.code)
        switch answer.body {
        case .bytes(let bytes):
            return Response(
                status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream):
            return Response(
                status: status, headers: headers,
                body: ResponseBody { writer in
                    var lines = stream()
                    while let bytes = await lines.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
                    try await writer.finish(nil)
                })
        }
    }
}
