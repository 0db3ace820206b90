import KubernetesModel
import Testing

@testable import LocalAPI

@Suite struct BurstTests {
    @Test("300 VMIs created at once, and a status of each, are written in few transactions and all seen by a watch")
    func burst() async throws {
        let api = try await APITester()
        let path = APITester.instances
        var watch = try await api.watch("\(path)?labelSelector=kubevirt.io%2FnodeName%3Dnode1")
        let clock = ContinuousClock()
        let start = clock.now
        let creations = try await measure(300) { index in
            try await api.send("POST", path, APITester.instance("vm-\(index)"))
        }
        let created = clock.now
        let updates = try await measure(300) { index in
            var object = try await api.send("GET", "\(path)/vm-\(index)").object
            object[["status", "phase"]] = .string("Running")
            return try await api.send(
                "PUT", "\(path)/vm-\(index)", DocumentWriter.json(object, indent: nil), isAgent: true)
        }
        let updated = clock.now
        var seen = 0
        while seen < 600, try await watch.next() != nil { seen += 1 }
        #expect(seen == 600)
        #expect(creations.codes == [201])
        #expect(updates.codes == [200])
        print(
            "300 creations \(created - start), p50 \(creations.p50), p99 \(creations.p99);",
            "300 status writes \(updated - created), p50 \(updates.p50), p99 \(updates.p99)")
    }

    private func measure(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> APITester.Answer)
        async throws -> (codes: Set<Int>, p50: Duration, p99: Duration)
    {
        try await withThrowingTaskGroup(of: (Int, Duration).self) { group in
            for index in 0..<count {
                group.addTask {
                    let start = ContinuousClock.now
                    let code = try await body(index).code
                    return (code, ContinuousClock.now - start)
                }
            }
            var codes: Set<Int> = []
            var times: [Duration] = []
            for try await (code, time) in group {
                codes.insert(code)
                times.append(time)
            }
            times.sort()
            return (codes, times[times.count / 2], times[times.count * 99 / 100])
        }
    }
}
