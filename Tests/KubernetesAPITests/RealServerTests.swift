import Foundation
import KubernetesModel
import SystemPackage
import Testing

@testable import KubernetesAPI

/// What no script of ours can show: that a real API server takes what we say, and that we understand it.
@Suite(
    .serialized, .enabled(if: RealServer.isBuilt, "scripts/kubernetes/build.sh has not been run: no real API server"))
struct RealServerTests {
    private static let widgets = APIResource(group: "example.test", version: "v1", plural: "widgets", kind: "Widget")
    private static let gadgets = APIResource(group: "example.test", version: "v1", plural: "gadgets", kind: "Gadget")
    private static let definitions = APIResource(
        group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions",
        kind: "CustomResourceDefinition", isNamespaced: false)

    /// Two kinds, of which widgets alone have a status subresource.
    private func install(_ client: KubernetesClient) async throws {
        for resource in [Self.widgets, Self.gadgets] {
            let status = resource == Self.widgets ? #""subresources": {"status": {}},"# : ""
            let definition = try Sample.node(
                #"""
                {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                 "metadata": {"name": "\#(resource.plural).example.test"},
                 "spec": {"group": "example.test", "scope": "Namespaced",
                  "names": {"plural": "\#(resource.plural)", "kind": "\#(resource.kind)"},
                  "versions": [{"name": "v1", "served": true, "storage": true, \#(status)
                   "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}
                """#)
            _ = try await client.create(definition, as: Self.definitions)
            try await served(resource, client)
        }
    }

    /// A server that was told of a kind needs a moment, and another for discovery.
    private func served(_ resource: APIResource, _ client: KubernetesClient) async throws {
        while true {
            do {
                _ = try await client.list(resource)
                _ = try await client.hasStatusSubresource(resource)
                return
            } catch {
                guard error.isNotFound || error.isRetryable else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func widget(_ name: String, _ resource: APIResource = widgets) throws -> DocumentNode {
        try Sample.node(
            #"{"apiVersion":"example.test/v1","kind":"\#(resource.kind)","metadata":{"name":"\#(name)"},"spec":{"size":1}}"#
        )
    }

    @Test("objects are written, a stale write is refused, and the status goes where discovery says")
    func writes() async throws {
        try await RealServer.running { server in
            let client = try Sample.client(try server.configuration("token-admin"))
            try await install(client)
            #expect(try await client.hasStatusSubresource(Self.widgets))
            #expect(try await !client.hasStatusSubresource(Self.gadgets))
            await #expect { try await client.hasStatusSubresource(.instances) } throws: {
                ($0 as? APIError)?.isNotFound ?? false
            }
            for resource in [Self.widgets, Self.gadgets] {
                let first = try await client.create(try widget("w", resource), as: resource)
                var changed = first
                changed[["spec", "size"]] = .number(2)
                let second = try await client.replace(changed, of: resource, name: "w")
                #expect(second[["spec", "size"]] == .number(2))
                await #expect { try await client.replace(changed, of: resource, name: "w") } throws: {
                    ($0 as? APIError)?.isConflict ?? false
                }
                await #expect { try await client.create(try widget("w", resource), as: resource) } throws: {
                    ($0 as? APIError)?.isAlreadyExists ?? false
                }
                let status = resource == Self.widgets ? "status" : nil
                let patch = try Sample.node(
                    #"{"metadata":{"resourceVersion":"\#(second.resourceVersion ?? "")"},"status":{"phase":"Running"}}"#
                )
                let third = try await client.patch(
                    resource, namespace: "default", name: "w", subresource: status, .merge(patch))
                #expect(third[["status", "phase"]]?.text == "Running")
                await #expect {
                    try await client.patch(
                        resource, namespace: "default", name: "w", subresource: status, .merge(patch))
                } throws: { ($0 as? APIError)?.isConflict ?? false }
                await #expect {
                    try await client.delete(resource, namespace: "default", name: "w", uid: "another")
                } throws: { ($0 as? APIError)?.isConflict ?? false }
                try await client.delete(resource, namespace: "default", name: "w", uid: third.objectUID)
                await #expect { try await client.get(resource, namespace: "default", name: "w") } throws: {
                    ($0 as? APIError)?.isNotFound ?? false
                }
            }
            let apply = Patch.apply(try widget("applied"), fieldManager: "virt-node", force: true)
            _ = try await client.patch(Self.widgets, namespace: "default", name: "applied", apply)
        }
    }

    @Test("who may not is told so, and who shows nothing too")
    func forbidden() async throws {
        try await RealServer.running { server in
            let agent = try Sample.client(try server.configuration("node-agent"))
            await #expect { try await agent.list(.secrets) } throws: { ($0 as? APIError)?.isForbidden ?? false }
            var nobody = try server.configuration()
            nobody.user = .init()
            let client = try Sample.client(nobody)
            await #expect { try await client.list(.secrets) } throws: { ($0 as? APIError)?.isUnauthorized ?? false }
        }
    }

    @Test("a watch survives the server's restart and loses nothing")
    func restart() async throws {
        try await RealServer.running { server in
            let client = try Sample.client(try server.configuration())
            try await install(client)
            for index in 0..<3 { _ = try await client.create(try widget("before-\(index)"), as: Self.widgets) }
            let reflector = Reflector(client, Self.widgets, logger: Sample.logger)
            let task = Task { await reflector.run() }
            var events = reflector.events.makeAsyncIterator()
            guard case .replaced(let first)? = await events.next() else {
                Issue.record("no list")
                return
            }
            #expect(first.map(\.objectName) == ["before-0", "before-1", "before-2"])
            try await client.delete(Self.widgets, namespace: "default", name: "before-1")
            guard case .removed(let removed)? = await events.next() else {
                Issue.record("no removal")
                return
            }
            #expect(removed.objectName == "before-1")

            try await server.stop()
            guard case .interrupted? = await events.next() else {
                Issue.record("the loss was not told")
                return
            }
            try await server.start()
            try await served(Self.widgets, client)
            _ = try await client.create(try widget("after"), as: Self.widgets)
            #expect(await events.next() == .resumed)
            var names: Set<String> = ["before-0", "before-2"]
            while !names.contains("after") {
                switch await events.next() {
                case .replaced(let objects): names = Set(objects.map(\.objectName))
                case .changed(let object): names.insert(object.objectName)
                case let other:
                    Issue.record("\(String(describing: other))")
                    return
                }
            }
            #expect(names == ["before-0", "before-2", "after"])
            task.cancel()
            await task.value
        }
    }

    @Test("a long list comes in pages, and a watch from a forgotten moment is refused")
    func pages() async throws {
        try await RealServer.running { server in
            let client = try Sample.client(try server.configuration())
            try await install(client)
            try await withThrowingTaskGroup { group in
                for index in 0..<KubernetesClient.pageLimit + 20 {
                    group.addTask { _ = try await client.create(try widget("w-\(index)"), as: Self.widgets) }
                }
                try await group.waitForAll()
            }
            let before = client.counts.total(verb: "list", resource: "widgets")
            let list = try await client.list(Self.widgets)
            #expect(Set(list.items.map(\.objectName)).count == KubernetesClient.pageLimit + 20)
            #expect(client.counts.total(verb: "list", resource: "widgets") == before + 2)

            let path = Self.widgets.path()
            // As a status, or as the only event.
            let query = [("watch", "true"), ("resourceVersion", "1"), ("timeoutSeconds", "1")]
            var code: DocumentNode?
            do throws(APIError) {
                code = try await client.send("GET", path: path, query: query)?[["object", "code"]]
            } catch {
                code = .number(error.code ?? 0)
            }
            #expect(code == .number(410))
        }
    }

    @Test("events are seen by kubectl, and counted when they come again")
    func events() async throws {
        try await RealServer.running { server in
            let client = try Sample.client(try server.configuration())
            let recorder = EventRecorder(client, component: "virt-node", host: "n1", logger: Sample.logger)
            let about = ObjectReference(
                apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace: "default", name: "vm",
                uid: "u1")
            for _ in 0..<3 { recorder.record(.warning, reason: "SyncFailed", "no disk", about: about) }
            for index in 0..<12 { recorder.record(.normal, reason: "Tick", "number \(index)", about: about) }
            let task = Task { await recorder.run() }
            while client.counts.total(verb: "create", resource: "events") + client.counts.total(verb: "patch") < 15 {
                try await Task.sleep(for: .milliseconds(20))
            }
            task.cancel()
            await task.value
            // This server makes no tables of built-in kinds: `kubectl events` makes its own.
            let text = try await server.kubectl("events", "--no-headers")
            let lines = text.split(separator: "\n")
            let failures = lines.filter { $0.contains("SyncFailed") && $0.contains("VirtualMachineInstance/vm") }
            #expect(failures.count == 1)
            #expect(failures.first?.contains("x3 ") ?? false)
            #expect(lines.filter { $0.contains("Tick") }.count == 10)
            #expect(text.contains("(combined from similar events): number 11"))
        }
    }

    @Test("leases are kept and led by")
    func leases() async throws {
        try await RealServer.running { server in
            let client = try Sample.client(try server.configuration())
            let keeper = LeaseKeeper(
                client, name: "n1", namespace: "kube-node-lease", holder: "n1", interval: .milliseconds(50),
                logger: Sample.logger)
            var settings = LeaderElector.Settings()
            settings.interval = .milliseconds(50)
            let electors = ["one", "two"].map {
                LeaderElector(
                    client, name: "virt-node", namespace: "kube-system", identity: $0, settings: settings,
                    logger: Sample.logger)
            }
            let tasks = [Task { await keeper.run() }] + electors.map { elector in Task { await elector.run() } }
            while keeper.age == nil || !electors.contains(where: \.isLeader) {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(electors.filter(\.isLeader).count == 1)
            let path = "jsonpath={.spec.holderIdentity} {.spec.leaseDurationSeconds}"
            #expect(try await server.kubectl("get", "lease", "n1", "-n", "kube-node-lease", "-o", path) == "n1 40")
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
            #expect(electors.allSatisfy { !$0.isLeader })
        }
    }

    private static let crds = ProcessEnvironment.current["VIRT_NODE_TEST_CRDS"]

    @Test(
        "KubeVirt's own VMI has no status subresource, and the same with one is told from it",
        .enabled(if: crds != nil, "VIRT_NODE_TEST_CRDS names no folder with KubeVirt's CRDs"),
        arguments: [("virtualmachineinstances.yaml", false), ("virtualmachineinstances-with-status.yaml", true)])
    func kubeVirt(file: String, hasStatus: Bool) async throws {
        try await RealServer.running { server in
            let client = try Sample.client(try server.configuration())
            _ = try await server.kubectl("create", "-f", "\(Self.crds ?? "")/\(file)")
            try await served(.instances, client)
            #expect(try await client.hasStatusSubresource(.instances) == hasStatus)
            let instance = try Sample.node(
                """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachineInstance
                metadata: {name: vm, labels: {kubevirt.io/nodeName: n1}}
                spec: {domain: {devices: {}}}
                """)
            var created = try await client.create(instance, as: .instances)
            created[["status", "phase"]] = .string("Scheduled")
            let written = try await client.replace(
                created, of: .instances, name: "vm", subresource: hasStatus ? "status" : nil)
            #expect(written[["status", "phase"]]?.text == "Scheduled")
            await #expect {
                try await client.replace(created, of: .instances, name: "vm", subresource: hasStatus ? "status" : nil)
            } throws: { ($0 as? APIError)?.isConflict ?? false }
            #expect(try await client.list(.instances, labelSelector: "kubevirt.io/nodeName=n1").items.count == 1)
            #expect(try await client.list(.instances, labelSelector: "kubevirt.io/nodeName=n2").items.isEmpty)
        }
    }
}
