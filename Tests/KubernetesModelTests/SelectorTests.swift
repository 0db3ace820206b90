import Testing

@testable import KubernetesModel

@Suite struct SelectorTests {
    @Test(
        "label selectors match as kubectl says",
        arguments: [
            ("", true), ("a=1", true), ("a==1", true), ("a=2", false), ("a!=2", true), ("c!=2", true), ("a", true),
            ("!a", false), ("!c", true), ("a in (1,2)", true), ("a notin (1, 2)", false), ("c notin (1)", true),
            ("a=1,example.com/b=x", true), ("a=1,b=x", false), ("a>0", true), ("a<1", false), ("e=", true),
        ])
    func labels(_ text: String, _ matches: Bool) throws {
        #expect(try LabelSelector(text).matches(["a": "1", "example.com/b": "x", "e": ""]) == matches)
    }

    @Test(
        "label selectors that mean nothing are refused",
        arguments: ["a=1,", "=1", "a in 1", "a in (1", "a ~ b", "-a", "a=b=c", "a=-", "x/y/z=1", "a>b"])
    func badLabels(_ text: String) {
        #expect(throws: SelectorError.self) { try LabelSelector(text) }
    }

    @Test("field selectors compare, and an absent field counts as empty")
    func fields() throws {
        let fields = ["metadata.name": "a", "message": "x,y=z"]
        #expect(try FieldSelector("metadata.name=a").matches(fields))
        #expect(try FieldSelector("metadata.name==a,status!=x").matches(fields))
        #expect(try !FieldSelector("metadata.name!=a").matches(fields))
        #expect(try FieldSelector(#"message=x\,y\=z"#).matches(fields))
        #expect(try FieldSelector("status=").matches(fields))
        #expect(throws: SelectorError.self) { try FieldSelector("metadata.name") }
        #expect(throws: SelectorError.unknownField("x", known: ["metadata.name"])) {
            try FieldSelector("x=1").check(["metadata.name"])
        }
    }
}
