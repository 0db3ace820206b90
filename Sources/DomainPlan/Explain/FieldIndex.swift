/// Finds the changed fields that lie at a field, around it or below it.
struct FieldIndex {
    private let changes: [FieldChange]
    private var exact: [[String]: Int] = [:]
    /// By the steps of every object and list around a change.
    private var below: [[String]: [Int]] = [:]

    init(_ changes: [FieldChange]) {
        self.changes = changes
        for (index, change) in changes.enumerated() {
            exact[change.steps] = index
            for count in 1..<max(1, change.steps.count) {
                below[Array(change.steps.prefix(count)), default: []].append(index)
            }
        }
    }

    /// The places of the changed fields, in order.
    func places(near steps: [String]) -> [Int] {
        if let inner = below[steps] { return inner }
        for count in stride(from: steps.count, to: 0, by: -1) {
            if let found = exact[Array(steps.prefix(count))] { return [found] }
        }
        return []
    }
}
