import KubernetesModel
import Testing

@testable import KubernetesAPI

@Suite struct EventCorrelatorTests {
    private func event(
        _ message: String, at seconds: Int64, reason: String = "Failed", name: String = "vm"
    ) -> EventRecord {
        EventRecord(
            .warning, reason: reason, message: message,
            about: ObjectReference(
                apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace: "default", name: name,
                uid: name,
                resourceVersion: "\(seconds)"),
            at: WallTime(seconds: seconds), number: seconds)
    }

    @Test("the same event again is counted on the first, whatever version the object has")
    func counts() {
        var correlator = EventCorrelator()
        guard case .create(let first) = correlator.correlate(event("a", at: 1)) else {
            Issue.record("the first is not new")
            return
        }
        guard case .update(let second) = correlator.correlate(event("a", at: 5)) else {
            Issue.record("the second is new")
            return
        }
        #expect(second.name == first.name && second.count == 2)
        #expect(second.first == WallTime(seconds: 1) && second.last == WallTime(seconds: 5))
        guard case .create = correlator.correlate(event("a", at: 6, reason: "Other")) else {
            Issue.record("another reason is not new")
            return
        }
    }

    @Test("from the tenth message of a reason on, all go into one event")
    func combines() {
        var correlator = EventCorrelator()
        var names: Set<String> = []
        for index in 0..<20 {
            switch correlator.correlate(event("message \(index)", at: Int64(index))) {
            case .create(let event):
                names.insert(event.name)
                #expect(event.message.hasPrefix(EventCorrelator.prefix) == (index >= 9))
            case .update(let event):
                #expect(index > 9)
                #expect(event.message == EventCorrelator.prefix + "message \(index)")
                #expect(event.count == index - 8)
            case .spam: Issue.record("number \(index) is spam")
            }
        }
        #expect(names.count == 10)
    }

    @Test("after ten quiet minutes messages count anew")
    func quiet() {
        var correlator = EventCorrelator()
        for index in 0..<9 { _ = correlator.correlate(event("message \(index)", at: Int64(index))) }
        guard case .create(let event) = correlator.correlate(event("late", at: 8 + 601)) else {
            Issue.record("it is not new")
            return
        }
        #expect(event.message == "late")
    }

    @Test("an object is heard 25 times at once, then once in five minutes; others are not concerned")
    func spam() {
        var correlator = EventCorrelator()
        let outcomes = (0..<40).map { _ in correlator.correlate(event("a", at: 100)) }
        #expect(outcomes.filter { $0 != .spam }.count == 25)
        #expect(correlator.correlate(event("a", at: 399)) == .spam)
        #expect(correlator.correlate(event("a", at: 401)) != .spam)
        #expect(correlator.correlate(event("a", at: 402)) == .spam)
        #expect(correlator.correlate(event("a", at: 100, name: "other")) != .spam)
    }

    @Test("the tables are bounded, and drop what was not used for longest")
    func bounded() {
        var table = RecentTable<Int, Int>(capacity: 10)
        table[0] = 0
        for key in 1...100 {
            table[key] = key
            #expect(table[0] == 0)
        }
        #expect(table.count <= 10)
        #expect(table[100] == 100)
        #expect(table[1] == nil)
    }
}
