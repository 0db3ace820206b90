/// Lets so many starts proceed at once; the others wait in their order.
package actor StartLimiter {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(width: Int) { free = max(1, width) }

    package func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    package func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
