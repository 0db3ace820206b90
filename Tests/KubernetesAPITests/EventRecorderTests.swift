import KubernetesModel
import TestSupport
import Testing

@testable import KubernetesAPI

@Suite struct EventRecorderTests {
    private static let about = ObjectReference(
        apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace: "vms", name: "vm", uid: "u")

    @Test("an event is created, counted when it comes again, and made anew when the server forgot it")
    func delivers() async throws {
        let (done, finish) = AsyncStream<Void>.makeStream()
        try await ScriptedServer.serving({ exchange in
            switch exchange.number {
            case 0: try await exchange.answer(503, Sample.status(503, "ServiceUnavailable"))
            case 1: try await exchange.answer(201, "{}")
            case 2: try await exchange.answer(200, "{}")
            case 3: try await exchange.answer(404, Sample.status(404, "NotFound"))
            default:
                try await exchange.answer(201, "{}")
                finish.finish()
            }
        }) { server in
            let time = NotedTime()
            let recorder = EventRecorder(
                try Sample.client(server), component: "virt-node", host: "n1", logger: Sample.logger,
                time: time.source(), random: { 0 })
            for _ in 0..<3 { recorder.record(.warning, reason: "Failed", "no disk", about: Self.about) }
            let task = Task { await recorder.run() }
            for await _ in done {}
            task.cancel()
            await task.value
            #expect(server.requests.map(\.method) == ["POST", "POST", "PATCH", "PATCH", "POST"])
            #expect(server.requests.first?.path == "/api/v1/namespaces/vms/events")
            let created = try Sample.node(try #require(server.requests.first?.body))
            #expect(created[["involvedObject", "uid"]]?.text == "u")
            #expect(created[["source", "component"]]?.text == "virt-node")
            #expect(created["count"] == .number(1))
            let again = try Sample.node(try #require(server.requests.last?.body))
            #expect(again["count"] == .number(3))
            #expect(again.objectName == created.objectName)
            #expect(server.requests[2].path == "/api/v1/namespaces/vms/events/\(created.objectName)")
        }
    }

    @Test("while the API is gone the newest events are kept, and the others counted")
    func bounded() async throws {
        let recorder = EventRecorder(
            try Sample.client(ServerConfiguration(server: "http://127.0.0.1:1")), component: "c", host: "h",
            logger: Sample.logger)
        for number in 0..<EventRecorder.queueLimit + 50 {
            recorder.record(.normal, reason: "R", "message \(number)", about: Self.about)
        }
        #expect(recorder.dropped == 50)
    }
}
