import KubeVirtModel
import KubernetesModel

/// What must hold for any text, and for any document.
enum Cases {
    struct Result {
        var faults: [String] = []
        var domains = 0
        /// Whether the domains were compared with those of a twin.
        var hasTwin = false
    }

    /// Bytes of a message: no more of a value than a user needs to find it.
    private static let longestMessage = 2048

    static func faults(ofText text: String, isExplaining: Bool) -> Result {
        let reading = Pipeline.read(text)
        var result = judge(reading, isExplaining: isExplaining)
        let again = Pipeline.read(text)
        if !isSame(reading.issues, again.issues) {
            result.faults.append("the same text has other issues when it is read again")
        }
        return result
    }

    static func faults(ofTree tree: DocumentNode, isExplaining: Bool) -> Result {
        let reading = Pipeline.read(tree)
        var result = judge(reading, isExplaining: isExplaining)
        if let faults = TwinRule.faults(of: tree, reading) {
            result.faults += faults
            result.hasTwin = true
        }
        // What cannot be read at all says nothing in either format.
        if !reading.isUnreadable, let fault = Formats.fault(tree) { result.faults.append(fault) }
        return result
    }

    static func judge(_ reading: Pipeline.Reading, isExplaining: Bool) -> Result {
        var result = Result(faults: messageFaults(reading.issues))
        for instance in reading.accepted {
            let judgement = Judgement(of: instance, isExplaining: isExplaining)
            result.faults += judgement.faults
            result.domains += judgement.domains
        }
        return result
    }

    static func messageFaults(_ issues: [FieldIssue]) -> [String] {
        issues.compactMap { issue in
            if issue.message.utf8.count > longestMessage {
                return "a message of \(issue.message.utf8.count) bytes: \(issue.message.prefix(80))"
            }
            if issue.path.utf8.count > longestMessage {
                return "a path of \(issue.path.utf8.count) bytes: \(issue.path.prefix(80))"
            }
            return issue.message.isEmpty ? "an issue without a message at \(issue.path)" : nil
        }
    }

    private static func isSame(_ one: [FieldIssue], _ other: [FieldIssue]) -> Bool {
        one.count == other.count
            && zip(one, other).allSatisfy { $0 == $1 && $0.message.utf8.elementsEqual($1.message.utf8) }
    }
}
