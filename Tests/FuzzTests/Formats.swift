import KubernetesModel

/// A document says the same in JSON and in YAML, and says it again when it is read.
enum Formats {
    static func fault(_ document: DocumentNode) -> String? {
        fault(document, DocumentWriter.json(document, indent: nil), "JSON")
            ?? fault(document.withoutMarks, DocumentWriter.yaml(document), "YAML")
    }

    private static func fault(_ document: DocumentNode, _ text: String, _ format: String) -> String? {
        do {
            let read = try DocumentReader().read(text)
            guard let first = read.first, read.count == 1 else { return "\(read.count) documents after \(format)" }
            return first.difference(from: document).map { "another document after \(format): \($0)" }
        } catch {
            // Brackets within strings count where YAML's depth is bounded before it is parsed.
            if format == "YAML", case .tooDeep = error { return nil }
            return "no document after \(format): \(error)"
        }
    }
}
