import KubernetesModel
import Testing

@testable import KubernetesAPI

@Suite struct LeaderElectionTests {
    private func record(_ holder: String, renewed: Int64 = 0, transitions: Int64 = 0) -> LeaseRecord {
        LeaseRecord(
            holder: holder, durationSeconds: 15, acquired: nil, renewed: WallTime(seconds: renewed),
            transitions: transitions)
    }

    @Test("a lease that is missing, given back or not renewed for its duration is taken")
    func takes() {
        var election = LeaderElection(identity: "me", renewDeadline: .seconds(10))
        #expect(election.observed(nil, at: .seconds(0)) == .acquire(transitions: 0, acquired: nil))
        #expect(
            election.observed(record("", transitions: 3), at: .seconds(1)) == .acquire(transitions: 4, acquired: nil))
        #expect(election.observed(record("you"), at: .seconds(2)) == .wait)
        #expect(election.observed(record("you"), at: .seconds(16)) == .wait)
        // It was renewed meanwhile, whatever the clocks say.
        #expect(election.observed(record("you", renewed: 1), at: .seconds(16)) == .wait)
        #expect(
            election.observed(record("you", renewed: 1), at: .seconds(31)) == .acquire(transitions: 1, acquired: nil))
        #expect(!election.isLeader)
    }

    @Test("a leader that cannot renew stops before the others may begin")
    func loses() {
        var election = LeaderElection(identity: "me", renewDeadline: .seconds(10))
        election.written(record("me"), sent: .seconds(0))
        election.failed(at: .seconds(9))
        #expect(election.isLeader)
        #expect(election.remaining(at: .seconds(9)) == .seconds(1))
        election.failed(at: .seconds(10))
        #expect(!election.isLeader)
        election.written(record("me"), sent: .seconds(11))
        #expect(election.observed(record("you"), at: .seconds(12)) == .wait)
        #expect(!election.isLeader)
    }

    @Test("a lease keeps what else it says")
    func document() throws {
        let lease = try Sample.node(#"{"metadata":{"name":"l","resourceVersion":"7"},"spec":{"strategy":"x"}}"#)
        let record = LeaseRecord(
            holder: "me", durationSeconds: 15, acquired: WallTime(seconds: 1),
            renewed: WallTime(microseconds: 1_500_000),
            transitions: 2)
        let written = record.written(into: lease)
        #expect(written.resourceVersion == "7")
        #expect(written[["spec", "strategy"]]?.text == "x")
        #expect(written[["spec", "renewTime"]]?.text == "1970-01-01T00:00:01.500000Z")
        #expect(LeaseRecord(written) == record)
    }
}
