import DomainModel
import KubernetesModel
import Testing

@testable import DomainPlan

@Suite struct ExplainCausesTests {
    private static let xml = """
        <vcpu placement='static'>4</vcpu>
        <devices>
          <disk type='file'><driver name='qemu' cache='none'/><alias name='ua-a'/></disk>
          <disk type='block'><driver name='qemu' cache='none'/><alias name='ua-b'/></disk>
        </devices>
        """

    @Test(
        "an element has its own cause, or that of the nearest one around it",
        arguments: [
            ("devices/disk[a]", nil, "a"), ("devices/disk[a]/driver", nil, "driver of a"),
            ("devices/disk[a]/driver", "name", "driver of a"), ("devices/disk[a]/driver", "cache", "cache of a"),
            ("devices/disk[a]/alias", nil, "a"), ("devices/disk[b]", nil, "any disk"),
            ("devices/disk[b]/driver", "cache", "cache of any"), ("devices", nil, "the same for every VM"),
            ("vcpu", nil, "last"), ("vcpu", "placement", "last"), ("", "nothing", nil),
        ] as [(String, String?, String?)])
    func inheritance(element: String, attribute: String?, expected: String?) throws {
        let causes: [(String, String)] = [
            ("devices/disk", "any disk"), ("devices/disk/driver@cache", "cache of any"), ("devices/disk[a]", "a"),
            ("devices/disk[a]/driver", "driver of a"), ("devices/disk[a]/driver@cache", "cache of a"),
            ("devices/disk[c]", "nobody's"), ("vcpu", "first"), ("vcpu", "last"),
        ]
        let explanation = Explanation(
            try XMLReader.read("<domain>\(Self.xml)</domain>"),
            causes: causes.map { PlanCause(element: $0.0, reason: .rule($0.1)) }, try Explain.resolver("{}"))
        let facts = explanation.facts(of: "default/web").filter {
            $0["element"]?.text == element && $0["attribute"]?.text == attribute
        }
        #expect(facts.first?["cause"]?.text == expected)
    }

    @Test("every element and attribute has a fact")
    func complete() throws {
        let explanation = try Explain.explanation(Self.xml)
        func count(_ element: XMLElement) -> Int {
            1 + element.attributes.count + element.children.map(count).reduce(0, +)
        }
        let document = try XMLReader.read("<domain>\(Self.xml)</domain>")
        #expect(explanation.facts(of: "default/web").count == count(document))
    }

    @Test(
        "a cause says what the field says, or its default",
        arguments: [
            (PlanCause.Reason.field("spec.cores"), "spec.cores: 4 (line 1)", "field"),
            (.field("spec.list"), "spec.list (line 2)", "field"),
            (.field("spec.model"), "default of spec.model: host-model", "default"),
            (.field("spec.unknown"), "default of spec.unknown", "default"),
            (.field("spec.text"), "spec.text: \"two words\" (line 3)", "field"),
            (.host("CPUs 4-7 were given to the VM"), "host: CPUs 4-7 were given to the VM", "host"),
            (.rule("always"), "rule: always", "rule"),
        ])
    func text(reason: PlanCause.Reason, text: String, kind: String) throws {
        let document = "spec: {cores: 4,\n list: [1],\n text: two words}"
        let cause = try Explain.resolver(document, defaulted: "spec: {cores: 4, model: host-model}").resolve(reason)
        #expect(cause.text == text)
        #expect(cause.kind.rawValue == kind)
    }

    @Test("nearly every part of a compiled domain has a cause of its own, or around it")
    func coverage() throws {
        let facts = try Explain.compiled(ExplainTextTests.document).explanation.facts(of: "default/web")
        let unexplained = Set(
            facts.filter { $0["cause"]?.text == "the same for every VM" }.compactMap { $0["element"]?.text })
        #expect(
            unexplained.isSubset(of: ["", "os", "os/type", "features", "devices", "devices/emulator"]), "\(unexplained)"
        )
    }
}
