import KubernetesModel
import NIOCore
import NIOHTTP1

/// Turns what is no success into an error.
enum StatusAnswer {
    /// Seconds. Who says to come back next year may be another by tomorrow.
    private static let longestWait: Int64 = 300

    static func error(code: Int, headers: HTTPHeaders, body: String) -> APIError {
        let answer = try? DocumentReader().read(body).first
        let status = answer?["kind"]?.text == "Status" ? answer : nil
        let reason = status?["reason"]?.text ?? HTTPResponseStatus(statusCode: code).reasonPhrase
        // Anything may answer in the server's place; its first words help.
        let message = status.map { $0["message"]?.text ?? "" }?.cut(to: 2000) ?? body.trimmedLine.cut(to: 200)
        return .status(
            code: code, reason: reason.cut(to: 100), message: message,
            retryAfter: seconds(headers.first(name: "Retry-After")) ?? hint(status))
    }

    private static func seconds(_ text: String?) -> Duration? {
        guard let text, let seconds = Int64(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, longestWait))
    }

    private static func hint(_ status: DocumentNode?) -> Duration? {
        guard case .number(let text) = status?["details"]?["retryAfterSeconds"]?.value else { return nil }
        return seconds(text)
    }
}

extension String {
    /// The first line that says something, without space around it.
    var trimmedLine: String {
        let line = split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        let start = line.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
