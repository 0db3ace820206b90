import HTTPTypes
import Hummingbird
import KubernetesModel
import NIOCore

/// An answer of JSON.
enum JSONAnswer {
    static func response(_ node: DocumentNode) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: DocumentWriter.json(node, indent: nil) + "\n")))
    }
}
