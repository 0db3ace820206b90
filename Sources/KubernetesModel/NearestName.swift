/// Finds what a user meant.
package enum NearestName {
    /// The candidate that takes the fewest edits (insert, delete, replace, swap of neighbours), where those are few
    /// enough for a slip of the finger.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let letters = Array(name.lowercased().unicodeScalars)
        var limit = max(1, letters.count / 3)
        var nearest: String?
        for candidate in candidates where abs(candidate.utf8.count - name.utf8.count) <= 4 * limit {
            let others = Array(candidate.lowercased().unicodeScalars.prefix(64))
            guard abs(others.count - letters.count) <= limit else { continue }
            let edits = distance(letters, others)
            // Of candidates that are equally near, the first one wins.
            if edits < limit || (edits == limit && nearest == nil) { (limit, nearest) = (edits, candidate) }
        }
        return nearest
    }

    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var before = Array(repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = last
            row[0] = i + 1
            for j in b.indices {
                let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
                var best = min(last[j + 1] + 1, row[j] + 1, replaced)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row[j + 1] = best
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
