import DomainModel
import KubeVirtModel
import KubernetesModel
import Testing

@testable import DomainPlan

/// Explanations and differences of small domains and documents.
enum Explain {
    static func document(_ yaml: String) throws -> DocumentNode {
        try #require(try DocumentReader().read(yaml).first)
    }

    static func resolver(_ yaml: String, defaulted: String = "{}") throws -> CauseResolver {
        CauseResolver(
            written: WrittenFields(try document(yaml)), defaulted: FieldTree(try document(defaulted)))
    }

    /// A domain with that content, by the causes that are noted.
    static func explanation(
        _ xml: String, _ causes: [String: PlanCause.Reason] = [:], document: String = "{}", defaulted: String = "{}"
    ) throws -> Explanation {
        Explanation(
            try XMLReader.read("<domain>\(xml)</domain>"),
            causes: causes.map { PlanCause(element: $0.key, reason: $0.value) },
            try resolver(document, defaulted: defaulted))
    }

    static func difference(_ old: String, _ new: String) throws -> DomainDiff {
        DomainDiff(try explanation(old), try explanation(new))
    }

    /// The compiled VMI of a document, explained.
    static func compiled(_ yaml: String) throws -> (instance: VirtualMachineInstance, explanation: Explanation) {
        var reader = ManifestReader()
        reader.read(yaml, file: "a.yaml")
        try #require(!reader.hasErrors, "\(reader.issues.map { "\($0.issue)" })")
        let instance = try #require(reader.manifest.instances.first)
        let request = PlanRequest(
            instance: instance, accelerator: .kvm,
            resources: .nominal(for: instance, images: "/images", folder: "/vm"), isExplaining: true)
        let plan = try DomainPlan(request)
        let written = WrittenFields(try document(yaml))
        return (instance, try Explanation(plan, of: instance, wrote: written))
    }

    /// A line of text without the gap between its columns.
    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }
}
