/// A table of bounded size: when it is full, the half that was not used for longest is dropped.
struct RecentTable<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var used: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    subscript(key: Key) -> Value? {
        mutating get {
            uses += 1
            entries[key]?.used = uses
            return entries[key]?.value
        }
        set {
            uses += 1
            entries[key] = newValue.map { Entry(value: $0, used: uses) }
            if entries.count > capacity { halve() }
        }
    }

    mutating func removeAll(where condition: (Value) -> Bool) {
        entries = entries.filter { !condition($0.value.value) }
    }

    private mutating func halve() {
        let middle = entries.values.map(\.used).sorted()[entries.count / 2]
        entries = entries.filter { $0.value.used >= middle }
    }
}
