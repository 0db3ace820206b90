import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct CustomResourceDefinitionTests {
    /// Every schema below one, with its path.
    private func walk(_ schema: DocumentNode, _ path: String, _ visit: (String, DocumentNode) -> Void) {
        visit(path, schema)
        for member in schema["properties"]?.members ?? [] { walk(member.value, "\(path).\(member.name)", visit) }
        if let items = schema["items"] { walk(items, "\(path)[]", visit) }
        if let values = schema["additionalProperties"] { walk(values, "\(path){}", visit) }
    }

    @Test("the schemas are structural: each has a type, save for those that take anything or a quantity")
    func structural() throws {
        for definition in [
            CustomResourceDefinition.instances(statusSubresource: false), CustomResourceDefinition.migrations(),
        ] {
            let version = try #require(definition[["spec", "versions"]]?.elements.first)
            let schema = try #require(version[["schema", "openAPIV3Schema"]])
            var count = 0
            walk(schema, "") { path, schema in
                count += 1
                let isOpen =
                    schema["x-kubernetes-preserve-unknown-fields"]?.isTrue == true
                    || schema["x-kubernetes-int-or-string"]?.isTrue == true
                #expect(isOpen || schema["type"]?.text != nil, "\(path)")
                #expect(schema["type"]?.text != "array" || schema["items"] != nil, "\(path)")
            }
            #expect(count > 50)
            #expect(schema["required"]?.elements == [.string("spec")])
        }
    }

    @Test("a VMI has a status subresource only where it is asked for")
    func statusSubresource() {
        let versions = { (node: DocumentNode) in node[["spec", "versions"]]?.elements.first }
        #expect(versions(CustomResourceDefinition.instances(statusSubresource: false))?["subresources"] == nil)
        #expect(
            versions(CustomResourceDefinition.instances(statusSubresource: true))?[["subresources", "status"]] != nil)
    }

    @Test("unknown fields are found with their paths, and removed; fields of other systems stay")
    func pruning() throws {
        let text = """
            {"spec":{"bogus":1,"affinity":{"a":1},"domain":{"cpu":{"cors":1},"devices":{"disks":[{"name":"a","x":1}]}}}}
            """
        let document = try #require(try DocumentReader().read(text).first)
        var unknown: [String] = []
        let pruned = KubeVirtSchemas.instance.prune(document, unknown: &unknown)
        #expect(unknown == ["spec.bogus", "spec.domain.cpu.cors", "spec.domain.devices.disks[0].x"])
        #expect(pruned[["spec", "affinity", "a"]] != nil)
        #expect(pruned[["spec", "bogus"]] == nil)
    }
}
