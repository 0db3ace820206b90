import HTTPTypes
package import Hummingbird
import NIOCore

/// `/healthz`, `/readyz` and `/metrics`, which port 8185 serves.
package struct MetricsRoutes: Sendable {
    private let page: MetricsPage
    private let health: HealthBoard

    package init(page: MetricsPage, health: HealthBoard) {
        self.page = page
        self.health = health
    }

    package func addRoutes<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/healthz") { _, _ in Self.answer(health.liveness) }
        router.get("/readyz") { _, _ in Self.answer(health.readiness) }
        router.get("/metrics") { _, _ in
            guard let text = await page.text() else {
                return Self.response(
                    .serviceUnavailable, "too many scrapes at once: try again\n", "text/plain; charset=utf-8")
            }
            return Self.response(.ok, text, PrometheusText.contentType)
        }
    }

    /// One line a check, in the words of Kubernetes' own health pages, and the sum of them as the status.
    private static func answer(_ checks: [HealthBoard.Check]) -> Response {
        let isGood = checks.allSatisfy(\.isGood)
        let lines = checks.map { check in
            "[\(check.isGood ? "+" : "-")]\(check.name) \(check.isGood ? "ok" : "failed")"
                + (check.detail.isEmpty ? "" : ": \(check.detail)")
        }
        let text = (lines + [isGood ? "ok" : "check failed"]).joined(separator: "\n") + "\n"
        return response(isGood ? .ok : .serviceUnavailable, text, "text/plain; charset=utf-8")
    }

    private static func response(_ status: HTTPResponse.Status, _ text: String, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
