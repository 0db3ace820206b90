import KubernetesModel
import Testing

@testable import KubernetesAPI

@Suite struct ReflectorStateMachineTests {
    private func machine() -> ReflectorStateMachine {
        ReflectorStateMachine(Backoff(initial: .seconds(1), limit: .seconds(8)), random: { 0 })
    }
    private let list = ObjectList(resourceVersion: "5", items: [])

    @Test("a watch that ends at once each time is tried ever more slowly")
    func shortWatches() {
        var machine = machine()
        _ = machine.listed(list)
        var pauses: [Duration] = []
        for _ in 0..<4 {
            _ = machine.watchOpened(at: .zero)
            _ = machine.watchEnded(.closed, at: .milliseconds(10))
            pauses.append(machine.pause)
        }
        #expect(pauses == [1, 2, 4, 8].map { Duration.seconds($0) })
        _ = machine.watchOpened(at: .zero)
        _ = machine.watchEnded(.closed, at: .seconds(300))
        #expect(machine.pause == .zero)
        #expect(machine.step == .watch(from: "5"))
    }

    @Test("a 410 after each list does not make a storm of lists")
    func goneAgain() {
        var machine = machine()
        let gone = APIError.status(code: 410, reason: "Expired", message: "", retryAfter: nil)
        var pauses: [Duration] = []
        for _ in 0..<4 {
            _ = machine.listed(list)
            _ = machine.watchEnded(.failed(gone), at: .zero)
            #expect(machine.step == .list)
            pauses.append(machine.pause)
        }
        #expect(pauses.first == .zero)
        #expect(pauses.last ?? .zero >= .seconds(2))
    }

    @Test("a server that refuses the watch three times is asked for a list")
    func refusals() {
        var machine = machine()
        _ = machine.listed(list)
        let broken = APIError.status(code: 500, reason: "", message: "", retryAfter: .seconds(5))
        #expect(machine.watchEnded(.failed(broken), at: .zero) == [.interrupted(broken)])
        #expect(machine.pause == .seconds(5))
        #expect(machine.watchEnded(.failed(broken), at: .zero) == [])
        #expect(machine.step == .watch(from: "5"))
        _ = machine.watchEnded(.failed(broken), at: .zero)
        #expect(machine.step == .list)
        #expect(machine.listed(list) == [.resumed, .replaced([])])
    }

    @Test("a server that cannot be reached is watched from where we were, however long it takes")
    func unreachable() {
        var machine = machine()
        _ = machine.listed(list)
        for _ in 0..<100 { _ = machine.watchEnded(.failed(.unreachable(server: "", reason: "")), at: .zero) }
        #expect(machine.step == .watch(from: "5"))
        #expect(machine.pause == .seconds(8))
    }

    @Test("a late bookmark does not turn the watch back")
    func lateBookmark() {
        var machine = machine()
        _ = machine.listed(list)
        _ = machine.received(.bookmark(resourceVersion: "9"))
        _ = machine.received(.bookmark(resourceVersion: "7"))
        #expect(machine.step == .watch(from: "9"))
    }
}
