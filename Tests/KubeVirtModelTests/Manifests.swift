import KubernetesModel
import Testing

@testable import KubeVirtModel

/// Small VMIs, made of the parts that a test is about.
enum Manifests {
    /// A VMI whose `spec` has these lines; memory is given unless they bring a domain of their own.
    static func instance(name: String = "web", spec: String = "domain: {devices: {}, memory: {guest: 64Mi}}") -> String
    {
        let lines = spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(
            separator: "\n")
        return "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: {name: \(name)}\nspec:\n\(lines)\n"
    }

    /// A VMI whose `spec.domain` has these lines beside its memory.
    static func domain(_ domain: String, spec: String = "") -> String {
        let lines = domain.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(
            separator: "\n")
        let devices = domain.contains("devices:") ? "" : "  devices: {}\n"
        let memory = domain.contains("memory:") ? "" : "  memory: {guest: 64Mi}\n"
        return instance(spec: "domain:\n\(devices)\(memory)\(lines)\n\(spec)")
    }

    static func read(_ texts: String...) -> ManifestReader {
        var reader = ManifestReader()
        for (index, text) in texts.enumerated() { reader.read(text, file: "\(index).yaml") }
        return reader
    }

    /// The issues of a text, each as `path: message`.
    static func issues(_ text: String) -> [String] { read(text).issues.map { "\($0.issue)" } }

    /// The one VMI of a text that has no issue.
    static func sound(_ text: String) throws -> VirtualMachineInstance {
        let reader = read(text)
        try #require(reader.issues.isEmpty, "\(reader.issues.map { "\($0.issue)" })")
        return try #require(reader.manifest.instances.first)
    }
}
