import KubeVirtModel
import KubernetesModel

/// What must hold for any text, and for any document.
enum Cases {
    struct Result {
        var faults: [String] = []
        var domains = 0
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
        result.faults += TwinRule.faults(of: tree, reading) ?? []
        result.faults += formatFaults(tree, reading)
        return result
    }

    private static func judge(_ reading: Pipeline.Reading, isExplaining: Bool) -> Result {
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

    /// The document says the same in YAML as in JSON.
    private static func formatFaults(_ tree: DocumentNode, _ reading: Pipeline.Reading) -> [String] {
        let read = try? DocumentReader().read(DocumentWriter.json(tree))
        let other = try? DocumentReader().read(DocumentWriter.yaml(tree))
        guard let read, read.first?.value != .null else { return [] }
        guard read.count == 1, read[0].isSame(as: tree) else { return ["the document is another one after JSON"] }
        guard let other, other.count == 1, other[0].isSame(as: tree) else {
            return ["the document is another one after YAML"]
        }
        return []
    }

    private static func isSame(_ one: [FieldIssue], _ other: [FieldIssue]) -> Bool {
        one.count == other.count
            && zip(one, other).allSatisfy { $0 == $1 && $0.message.utf8.elementsEqual($1.message.utf8) }
    }
}
