import Testing

@testable import KubernetesAPI

@Suite struct BackoffTests {
    @Test("waits double up to the limit, with jitter, and start anew after a success")
    func doubles() {
        var backoff = Backoff(initial: .seconds(1), limit: .seconds(10))
        #expect((0..<6).map { _ in backoff.next { 0 } } == [1, 2, 4, 8, 10, 10].map { Duration.seconds($0) })
        #expect(backoff.next { 1 } == .seconds(15))
        backoff.reset()
        #expect(backoff.next { 0.5 } == .milliseconds(1250))
    }

    @Test("a request is sent again only where that is safe and of use")
    func retries() {
        func pause(_ error: APIError, safe: Bool) -> Duration? {
            var policy = RetryPolicy()
            return policy.pause(after: error, isSafe: safe) { 0 }
        }
        let busy = APIError.status(code: 429, reason: "", message: "", retryAfter: .seconds(2))
        let away = APIError.status(code: 503, reason: "", message: "", retryAfter: .seconds(3))
        #expect(pause(busy, safe: false) == .seconds(2))
        #expect(pause(away, safe: true) == .seconds(3))
        #expect(pause(away, safe: false) == nil)
        #expect(pause(.status(code: 503, reason: "", message: "", retryAfter: nil), safe: true) == nil)
        #expect(pause(.status(code: 429, reason: "", message: "", retryAfter: .seconds(600)), safe: true) == nil)
        #expect(pause(.status(code: 409, reason: "", message: "", retryAfter: nil), safe: true) == nil)
        #expect(pause(.unreachable(server: "", reason: ""), safe: false) == nil)
        var policy = RetryPolicy()
        let pauses = (0..<6).map { _ in policy.pause(after: busy, isSafe: true) { 0 } }
        #expect(pauses.compactMap { $0 }.count == RetryPolicy.tries - 1)
    }
}
