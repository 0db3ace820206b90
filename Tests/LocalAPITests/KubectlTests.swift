import KubernetesModel
import Testing

@testable import LocalAPI

/// Unmodified kubectl against the server: every verb that people use.
@Suite(.enabled(if: KubectlRig.isInstalled)) struct KubectlTests {
    private static func manifest(_ name: String = "one", cores: Int = 1, labels: String = "{app: a}") -> String {
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: \(name), labels: \(labels)}
        spec:
          domain:
            cpu: {cores: \(cores)}
            memory: {guest: 64Mi}
            devices: {}

        """
    }

    @Test("apply creates, finds nothing to do, and changes")
    func apply() async throws {
        try await KubectlRig.serve { kubectl in
            #expect(try await kubectl("apply -f -", input: Self.manifest()).hasSuffix("/one created\n"))
            #expect(try await kubectl("apply -f -", input: Self.manifest()).hasSuffix("/one unchanged\n"))
            #expect(try await kubectl("apply -f -", input: Self.manifest(cores: 2)).hasSuffix("/one configured\n"))
            #expect(try await kubectl("get vmi one -o jsonpath={.spec.domain.cpu.cores}") == "2")
            let diff = try await kubectl.run(["diff", "-f", "-"], input: Self.manifest(cores: 3))
            #expect(diff.output.contains("+      cores: 3"))
        }
    }

    @Test("server-side apply follows client-side apply, and conflicts name the other manager")
    func serverSideApply() async throws {
        try await KubectlRig.serve { kubectl in
            try await kubectl("apply -f -", input: Self.manifest())
            let applied = try await kubectl("apply --server-side -f -", input: Self.manifest(cores: 2))
            #expect(applied.hasSuffix("/one serverside-applied\n"))
            let error = try await kubectl.failing(
                "apply --server-side --field-manager=other -f -", input: Self.manifest(cores: 3))
            #expect(error.contains("Apply failed with 1 conflict: conflict with \"kubectl\": .spec.domain.cpu.cores"))
            try await kubectl(
                "apply --server-side --force-conflicts --field-manager=other -f -", input: Self.manifest(cores: 3))
            let back = try await kubectl.run(["apply", "-f", "-"], input: Self.manifest(cores: 4))
            #expect(back.isSuccess)
            #expect(!back.error.contains("missing"), "\(back.error)")
        }
    }

    @Test("get shows KubeVirt's columns, and every output format")
    func get() async throws {
        try await KubectlRig.serve { kubectl in
            try await kubectl("create -f -", input: Self.manifest())
            try await kubectl.patchAsAgent(
                "one",
                """
                {"status":{"phase":"Running","nodeName":"node1","interfaces":[{"ipAddress":"10.0.2.2"}],\
                "conditions":[{"type":"Ready","status":"True"},{"type":"LiveMigratable","status":"False"}]}}
                """)
            let lines = try await kubectl("get vmis").split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.first == ["NAME", "AGE", "PHASE", "IP", "NODENAME", "READY"])
            #expect(lines.last?.suffix(4) == ["Running", "10.0.2.2", "node1", "True"])
            let wide = try await kubectl("get virtualmachineinstance -o wide").split(separator: "\n")
            try #require(wide.count == 2, "\(wide)")
            #expect(wide[0].hasSuffix("LIVE-MIGRATABLE   PAUSED"))
            #expect(wide[1].split(separator: " ").last == "False")
            #expect(try await kubectl("get vmi one -o name") == "virtualmachineinstance.kubevirt.io/one\n")
            #expect(try await kubectl("get vmi one -o yaml").contains("phase: Running"))
            #expect(try await kubectl("get vmi one -o json").contains("\"phase\": \"Running\""))
            #expect(
                try await kubectl("get vmi -o custom-columns=N:.metadata.name,P:.status.phase --no-headers")
                    .split(separator: " ").first == "one")
            #expect(try await kubectl("get all -A").contains("virtualmachineinstance.kubevirt.io/one"))
            #expect(try await kubectl("get vmi -l app=b -o name").isEmpty)
            #expect(try await kubectl("get vmi --field-selector status.phase=Running -o name").contains("/one"))
            #expect(try await kubectl("get --raw /version").contains("gitVersion"))
            #expect(
                try await kubectl.failing("get vmi two").contains(
                    "virtualmachineinstances.kubevirt.io \"two\" not found"))
        }
    }

    @Test("describe shows the events of a VMI, and events lists them")
    func events() async throws {
        try await KubectlRig.serve { kubectl in
            try await kubectl("create -f -", input: Self.manifest())
            let uid = try await kubectl("get vmi one -o jsonpath={.metadata.uid}")
            let event = """
                {"apiVersion":"v1","kind":"Event","metadata":{"name":"one.1","namespace":"default"},\
                "involvedObject":{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","name":"one","namespace":"default","uid":"\(uid)"},\
                "reason":"Started","message":"it runs","type":"Normal","count":2,\
                "firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:00Z",\
                "source":{"component":"virt-node"}}
                """
            try await kubectl("create -f -", input: event)
            let described = try await kubectl("describe vmi one")
            #expect(described.contains("Started") && described.contains("it runs"))
            #expect(try await kubectl("events --for virtualmachineinstance/one").contains("it runs"))
            #expect(try await kubectl("get events").contains("virtualmachineinstance/one"))
        }
    }

    @Test("wait sees a condition, a field and a deletion")
    func wait() async throws {
        try await KubectlRig.serve { kubectl in
            try await kubectl("create -f -", input: Self.manifest())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await kubectl("wait vmi one --for=condition=Ready --timeout=60s") }
                group.addTask { try await kubectl("wait vmi one --for=jsonpath={.status.phase}=Running --timeout=60s") }
                group.addTask {
                    let status = #"{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}"#
                    try await kubectl.patchAsAgent("one", status)
                }
                try await group.waitForAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await kubectl("wait vmi one --for=delete --timeout=60s") }
                group.addTask { try await kubectl("delete vmi one --timeout=60s") }
                var watch = try await kubectl.api.watch(APITester.instances)
                while try await watch.nextEvent()?["object"]?.isBeingDeleted != true {}
                try await kubectl.patchAsAgent("one", #"{"metadata":{"finalizers":null}}"#)
                try await group.waitForAll()
            }
            #expect(try await kubectl("get vmi -o name").isEmpty)
        }
    }

    @Test("get -w prints a row for each change")
    func watch() async throws {
        try await KubectlRig.serve { kubectl in
            try await kubectl("create -f -", input: Self.manifest())
            try await withThrowingTaskGroup(of: String.self) { group in
                group.addTask {
                    try await kubectl.run(["get", "vmi", "-w", "--request-timeout=12s"]).output
                }
                // However long kubectl takes to begin, it sees some of these.
                for round in 0..<24 {
                    try await Task.sleep(for: .milliseconds(500))
                    let phase = round % 2 == 0 ? "Scheduled" : "Running"
                    try await kubectl.patchAsAgent("one", #"{"status":{"phase":"\#(phase)"}}"#)
                }
                let output = try await group.next() ?? ""
                #expect(output.contains("Running"), "\(output)")
                #expect(output.split(separator: "\n").count >= 3)
            }
        }
    }

    @Test("patch, label, annotate, edit and replace change what they should")
    func change() async throws {
        try await KubectlRig.serve { kubectl in
            try await kubectl("create -f -", input: Self.manifest())
            _ = try await kubectl.run(
                ["patch", "vmi", "one", "--type=merge", "-p", #"{"spec":{"domain":{"cpu":{"cores":2}}}}"#])
            _ = try await kubectl.run(
                [
                    "patch", "vmi", "one", "--type=json", "-p",
                    #"[{"op":"add","path":"/metadata/labels/j","value":"1"}]"#,
                ])
            try await kubectl("label vmi one l=1 app-")
            try await kubectl("annotate vmi one a=1")
            try await kubectl(
                "edit vmi one",
                environment: ["EDITOR": "sed -i s/cores:.2/cores:3/", "KUBE_EDITOR": "sed -i 's/cores: 2/cores: 3/'"])
            let object = try await kubectl.api.send("GET", "\(APITester.instances)/one").object
            #expect(object[["spec", "domain", "cpu", "cores"]]?.integer == 3)
            let labels = object[["metadata", "labels"]]?.stringMap
            #expect(labels == ["j": "1", "l": "1", "kubevirt.io/nodeName": "node1"])
            #expect(object[["metadata", "annotations", "a"]]?.text == "1")
            try await kubectl("replace -f -", input: Self.manifest(cores: 4))
            let raw = try await kubectl("get vmi one -o json").replacing("\"cores\": 4", with: "\"cores\": 5")
            try await kubectl("replace --raw \(APITester.instances)/one -f -", input: raw)
            #expect(try await kubectl("get vmi one -o jsonpath={.spec.domain.cpu.cores}") == "5")
            let stale = try await kubectl.failing("replace --raw \(APITester.instances)/one -f -", input: raw)
            #expect(stale.contains("the object has been modified"))
            try await kubectl("create cm c --from-literal=a=b")
            _ = try await kubectl.run(["patch", "cm", "c", "-p", #"{"data":{"x":"y"}}"#])
            #expect(try await kubectl("get cm c -o jsonpath={.data}") == #"{"a":"b","x":"y"}"#)
        }
    }

    @Test("errors come as kubectl users know them")
    func errors() async throws {
        try await KubectlRig.serve { kubectl in
            let unknown = Self.manifest().replacing("cores", with: "cors")
            let strict = try await kubectl.failing("apply -f -", input: unknown)
            #expect(strict.contains("strict decoding error: unknown field \"spec.domain.cpu.cors\""))
            let warned = try await kubectl.run(["apply", "--validate=warn", "-f", "-"], input: unknown)
            #expect(warned.error.contains("Warning: unknown field \"spec.domain.cpu.cors\""))
            #expect(warned.isSuccess)
            let invalid = Self.manifest("two") + "  terminationGracePeriodSeconds: -1\n"
            let refused = try await kubectl.failing("create -f -", input: invalid)
            #expect(
                refused.contains("The VirtualMachineInstance \"two\" is invalid: spec.terminationGracePeriodSeconds"))
            #expect(try await kubectl.failing("create -n nowhere -f -", input: Self.manifest()).contains("NotFound"))
            #expect(try await kubectl.failing("create -f -", input: Self.manifest()).contains("AlreadyExists"))
            try await kubectl.patchAsAgent("one", #"{"status":{"phase":"Running"}}"#)
            let late = try await kubectl.failing("apply -f -", input: Self.manifest(cores: 9))
            #expect(late.contains("spec.domain.cpu.cores: cannot change while the VMI is Running"), "\(late)")
        }
    }

    @Test("delete takes selectors, and cascades or not")
    func delete() async throws {
        try await KubectlRig.serve { kubectl in
            for name in ["a", "b", "c"] { try await kubectl("create cm \(name)") }
            try await kubectl("label cm a b on=1")
            try await kubectl("delete cm -l on=1 --cascade=foreground")
            #expect(try await kubectl("get cm -o name") == "configmap/c\n")
            try await kubectl("delete cm c --cascade=orphan --wait=false")
            try await kubectl("create ns web")
            try await kubectl("create secret generic s --from-literal=a=b -n web")
            try await kubectl("delete ns web --timeout=60s")
            #expect(try await kubectl("get secrets -A -o name").isEmpty)
        }
    }

    @Test("discovery, explain, version and can-i answer")
    func discovery() async throws {
        try await KubectlRig.serve { kubectl in
            let resources = try await kubectl("api-resources")
            #expect(resources.contains("virtualmachineinstances            vmi,vmis     kubevirt.io/v1"))
            #expect(try await kubectl("api-versions").contains("subresources.kubevirt.io/v1"))
            #expect(try await kubectl("version").contains("Server Version: v1.32"))
            let explained = try await kubectl("explain vmi.spec.domain.devices.disks.disk.bus")
            #expect(explained.contains("virtio"))
            #expect(try await kubectl("explain cm.data").contains("map[string]string"))
            #expect(try await kubectl("explain vmi --recursive").contains("evictionStrategy"))
            #expect(try await kubectl("auth can-i delete vmi") == "yes\n")
            #expect(try await kubectl("get ns -o name").contains("namespace/kube-system"))
        }
    }
}
