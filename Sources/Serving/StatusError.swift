package import HTTPTypes
package import Hummingbird
import NIOCore

/// A request that is answered with an error, in the form that Kubernetes' clients show: an object of kind Status.
package struct StatusError: Error, Equatable {
    /// The HTTP status, 400 or more.
    package var code: Int
    /// One word, such as `NotFound`.
    package var reason: String
    package var message: String
    package var headers: HTTPFields

    package init(_ code: Int, reason: String, message: String, headers: HTTPFields = [:]) {
        self.code = code
        self.reason = reason
        self.message = message
        self.headers = headers
    }

    package static func badRequest(_ message: String) -> StatusError {
        StatusError(400, reason: "BadRequest", message: message)
    }

    package static func unauthorized(_ message: String) -> StatusError {
        StatusError(401, reason: "Unauthorized", message: message)
    }

    package static func forbidden(_ message: String) -> StatusError {
        StatusError(403, reason: "Forbidden", message: message)
    }

    package static func notFound(_ message: String) -> StatusError {
        StatusError(404, reason: "NotFound", message: message)
    }

    package static func conflict(_ message: String) -> StatusError {
        StatusError(409, reason: "Conflict", message: message)
    }

    package static func unavailable(_ message: String) -> StatusError {
        StatusError(503, reason: "ServiceUnavailable", message: message)
    }

    /// The Status object, as JSON.
    package var json: String {
        """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":\(Self.quoted(message)),\
        "reason":\(Self.quoted(reason)),"code":\(code)}

        """
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                let hexadecimal = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension StatusError: HTTPResponseError {
    package var status: HTTPResponse.Status { HTTPResponse.Status(code: code) }

    package func response(from request: Request, context: some RequestContext) -> Response { response }

    /// The answer that says it.
    package var response: Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: json)))
    }
}

extension StatusError: CustomStringConvertible {
    package var description: String { message }
}
