import KubernetesModel
import TestSupport
import Testing

@testable import KubernetesAPI

@Suite struct LeaseTests {
    /// Until it is so; a test that waits for ever has failed.
    private func eventually(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("a keeper makes its lease, renews it, takes it back, and sees who else writes it")
    func keeps() async throws {
        let leases = LeaseServer()
        try await ScriptedServer.serving(leases.script) { server in
            let keeper = LeaseKeeper(
                try Sample.client(server), name: "l", namespace: "n", holder: "me", interval: .milliseconds(10),
                logger: Sample.logger, random: { 0 })
            #expect(keeper.age == nil)
            let task = Task { await keeper.run() }
            try await eventually { leases.record?.holder == "me" }
            let first = try #require(leases.record)
            #expect(first.durationSeconds == 40)
            try await eventually { leases.record?.renewed != first.renewed }
            #expect(keeper.age != nil)

            let other = LeaseRecord(holder: "you", durationSeconds: 40, acquired: nil, renewed: nil)
            leases.write(other)
            try await eventually { leases.record?.holder == "me" }
            #expect(leases.record?.transitions == 1)
            try await eventually { keeper.otherHolder == nil }
            task.cancel()
            await task.value
        }
    }

    @Test("one of two leads; when it goes the other follows, and the lease is given back")
    func elects() async throws {
        let leases = LeaseServer()
        try await ScriptedServer.serving(leases.script) { server in
            let client = try Sample.client(server)
            var settings = LeaderElector.Settings()
            settings.interval = .milliseconds(10)
            let electors = ["one", "two"].map {
                LeaderElector(
                    client, name: "l", namespace: "n", identity: $0, settings: settings, logger: Sample.logger,
                    random: { 0 })
            }
            let tasks = electors.map { elector in Task { await elector.run() } }
            try await eventually { electors.contains { $0.isLeader } }
            #expect(electors.filter(\.isLeader).count == 1)
            let first = try #require(electors.firstIndex { $0.isLeader })
            let second = 1 - first
            tasks[first].cancel()
            await tasks[first].value
            #expect(!electors[first].isLeader)
            try await eventually { electors[second].isLeader }
            tasks[second].cancel()
            await tasks[second].value
            #expect(leases.record?.holder == "")
            var changes: [Bool] = []
            for await change in electors[second].changes { changes.append(change) }
            #expect(changes == [true, false])
        }
    }

    @Test("a leader that cannot reach the API stops leading by the clock, and leads again later")
    func loses() async throws {
        let leases = LeaseServer()
        try await ScriptedServer.serving(leases.script) { server in
            var settings = LeaderElector.Settings()
            settings.interval = .milliseconds(10)
            settings.renewDeadline = .milliseconds(200)
            let elector = LeaderElector(
                try Sample.client(server), name: "l", namespace: "n", identity: "one", settings: settings,
                logger: Sample.logger, random: { 0 })
            let task = Task { await elector.run() }
            var changes = elector.changes.makeAsyncIterator()
            #expect(await changes.next() == true)
            leases.breakDown(true)
            #expect(await changes.next() == false)
            #expect(!elector.isLeader)
            leases.breakDown(false)
            #expect(await changes.next() == true)
            task.cancel()
            await task.value
        }
    }
}
