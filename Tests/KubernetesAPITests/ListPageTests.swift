import KubernetesModel
import Testing

@testable import KubernetesAPI

@Suite struct ListPageTests {
    private func page(_ json: String) throws -> ListPage {
        try ListPage(try Sample.node(json), of: .configMaps)
    }

    @Test("items get the kind that lists of built-in kinds leave out")
    func kinds() throws {
        let page = try page(
            #"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"3"},"items":[{"metadata":{"name":"a"}}]}"#
        )
        #expect(page.items.first?["kind"]?.text == "ConfigMap")
        #expect(page.items.first?["apiVersion"]?.text == "v1")
        #expect(page.next == nil)
    }

    @Test("a list without items is empty")
    func empty() throws {
        let page = try page(#"{"kind":"ConfigMapList","metadata":{"resourceVersion":"3"},"items":null}"#)
        #expect(page.items.isEmpty)
    }

    @Test(
        "an answer that is no list says nothing about what there is",
        arguments: [
            "{}", #"{"kind":"ConfigMap","metadata":{"resourceVersion":"3"}}"#, #"{"kind":"ConfigMapList","items":[]}"#,
            #"{"kind":"Status","metadata":{}}"#,
            #"{"kind":"ConfigMapList","metadata":{"resourceVersion":"3"},"items":{}}"#,
        ])
    func noList(json: String) throws { #expect(throws: APIError.self) { try page(json) } }
}
