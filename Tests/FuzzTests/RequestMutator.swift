import KubeVirtModel
import KubernetesModel
import LocalAPI
import TestSupport

/// Makes requests to a Kubernetes API at random, the same way in every run: most are nearly right.
struct RequestMutator {
    struct Made {
        /// Nil where the target is no path.
        var request: APIRequest?
        var text: String
    }

    private var trees: TreeMutator
    private var bytes: ByteMutator
    private var random: SeededRandom
    /// Bodies of objects by the plural of their kind.
    private let objects: [(plural: String, node: DocumentNode)]

    private static let bodies: [(String, String)] = [
        (
            "configmaps",
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME","labels":{"a":"b"}},"data":{"k":"v"}}"#
        ),
        (
            "secrets",
            #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"NAME"},"type":"Opaque","data":{"k":"dg=="}}"#
        ),
        (
            "events",
            #"{"apiVersion":"v1","kind":"Event","metadata":{"name":"NAME"},"involvedObject":{"kind":"Pod","name":"x"},"#
                + #""reason":"r","message":"m","type":"Normal","count":1}"#
        ),
        ("namespaces", #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"NAME"}}"#),
        ("nodes", #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"NAME"},"spec":{"unschedulable":true}}"#),
        (
            "leases",
            #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"NAME"},"spec":{"holderIdentity":"h","#
                + #""leaseDurationSeconds":40,"renewTime":"2026-01-31T12:00:00.000000Z"}}"#
        ),
        (
            "virtualmachineinstances",
            #"{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"NAME","finalizers":["a/b"]},"#
                + #""spec":{"domain":{"memory":{"guest":"64Mi"},"devices":{"disks":[{"name":"d","disk":{"bus":"virtio"}}]}},"#
                + #""volumes":[{"name":"d","emptyDisk":{"capacity":"1Gi"}}]}}"#
        ),
        (
            "virtualmachineinstancemigrations",
            #"{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstanceMigration","metadata":{"name":"NAME"},"#
                + #""spec":{"vmiName":"a"}}"#
        ),
    ]
    private static let patches = [
        #"[{"op":"replace","path":"/metadata/labels/a","value":"c"},{"op":"test","path":"/kind","value":"ConfigMap"}]"#,
        #"[{"op":"add","path":"/data/~1x~0","value":"y"},{"op":"remove","path":"/data/k"}]"#,
        #"[{"op":"move","from":"/data","path":"/data/x"},{"op":"copy","from":"","path":"/metadata/annotations"}]"#,
        #"{"metadata":{"labels":{"a":null,"d":"e"},"finalizers":[]},"data":{"k":"w"}}"#,
        #"{"metadata":{"$patch":"replace"},"$setElementOrder/finalizers":["x/y"],"$retainKeys":["a"]}"#,
        #"{"status":{"phase":"Running"},"spec":{"domain":{"memory":{"guest":"128Mi"}}}}"#,
        #"{"metadata":{"managedFields":[{"manager":"m","operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","#
            + #""fieldsV1":{"f:data":{"f:k":{},".":{}}}}]}}"#,
        #"{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"x"},"gracePeriodSeconds":-1,"#
            + #""propagationPolicy":"Foreground"}"#, "{}",
    ]
    private static let names = [
        "a", "b", "c", "default", "kube-system", "A", "", ".", "..", "a/b", "x%2Fy", "é",
        String(repeating: "n", count: 300),
        "node1", "-", "a.b", "status",
    ]
    private static let queries = [
        "labelSelector=a%3Db", "labelSelector=a+in+(b,c),!d", "labelSelector=((((", "fieldSelector=metadata.name%3Da",
        "fieldSelector=status.phase!%3DRunning,metadata.namespace%3Ddefault", "fieldSelector=x", "limit=1", "limit=-1",
        "limit=99999999999999999999", "continue=1-1-1", "resourceVersion=0", "resourceVersion=99999999999",
        "resourceVersion=x", "resourceVersionMatch=Exact", "dryRun=All", "dryRun=x", "fieldValidation=Strict",
        "fieldManager=m", "fieldManager=", "force=true", "pretty=true", "watch=1", "timeoutSeconds=1",
        "sendInitialEvents=true", "gracePeriodSeconds=0", "propagationPolicy=Orphan", "%zz", "=&&=", "a=%00",
    ]
    private static let accepts = [
        "application/json", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "*/*", "",
        "application/vnd.kubernetes.protobuf", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
        "\u{0}",
    ]
    private static let types = [
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
    ]
    private static let otherTypes = [
        "application/json", "application/yaml", "text/plain", "", "application/vnd.kubernetes.protobuf",
    ]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        objects = Self.bodies.flatMap { plural, text in
            ((try? DocumentReader().read(text)) ?? []).map { (plural, $0) }
        }
        let patches = Self.patches.compactMap { try? DocumentReader().read($0).first }
        trees = TreeMutator(seed: seed, donors: objects.map(\.node) + patches, schema: nil)
        bytes = ByteMutator(
            seed: seed,
            donors: (Self.bodies.map(\.1) + Self.patches).map { Array($0.utf8) }
                + [LocalAPIFuzzTests.protobuf(finalizers: 3, labels: 2)])
    }

    static func request(_ method: String, _ target: String, _ body: String, type: String = "application/json") -> Made {
        make(method, target, Array(body.utf8), type, accept: "application/json", isAgent: false)
    }

    private static func make(
        _ method: String, _ target: String, _ body: [UInt8], _ type: String, accept: String, isAgent: Bool
    ) -> Made {
        Made(
            request: APIRequest(
                method: method, target: target, accept: accept, contentType: type, userAgent: "fuzz/1",
                caller: APICaller(name: "somebody", isAgent: isAgent), body: body),
            text: "\(method) \(target)\nContent-Type: \(type)\nAccept: \(accept)\n\n"
                + String(decoding: body.prefix(3000), as: UTF8.self))
    }

    mutating func next() -> Made {
        let (plural, node) = objects[draw(objects.count)]
        let name = draw(6) == 0 ? pick(Self.names) : ["a", "b", "c"][draw(3)]
        let method =
            draw(20) == 0
            ? pick(["OPTIONS", "HEAD", "", "get", "PROPFIND"])
            : pick(["GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE"])
        let isCollection = method == "POST" ? draw(20) > 0 : draw(5) == 0
        var target = Self.path(plural, namespace: draw(12) == 0 ? pick(Self.names) : "default", isAll: draw(12) == 0)
        if !isCollection { target += "/\(name)" + (draw(8) == 0 ? "/status" : "") }
        if draw(40) == 0 {
            target = pick([
                "/", "/version", "/openapi/v3", "/openapi/v2", "/api", "/apis", "//", "x", "/apis/a/b/c/d/e/f", "%",
            ])
        }
        if draw(3) == 0 {
            target += "?" + (0...draw(3)).map { _ in pick(Self.queries) }.joined(separator: "&")
        } else if method == "PATCH" {
            target += "?fieldManager=m\(draw(3))"
        }
        let type =
            method == "PATCH" && draw(20) > 0
            ? pick(Self.types) : draw(10) == 0 ? pick(Self.otherTypes) : "application/json"
        return Self.make(
            method, target, body(node, name, method, type), type,
            accept: draw(4) == 0 ? pick(Self.accepts) : "application/json",
            isAgent: draw(4) == 0)
    }

    private static func path(_ plural: String, namespace: String, isAll: Bool) -> String {
        let group =
            plural == "leases"
            ? "/apis/coordination.k8s.io/v1" : plural.hasPrefix("virtual") ? "/apis/kubevirt.io/v1" : "/api/v1"
        let isNamespaced = plural != "namespaces" && plural != "nodes" && !isAll
        return group + (isNamespaced ? "/namespaces/\(namespace)" : "") + "/\(plural)"
    }

    private mutating func body(_ node: DocumentNode, _ name: String, _ method: String, _ type: String) -> [UInt8] {
        guard method != "GET" else { return [] }
        var tree = node
        switch draw(8) {
        case 0: return bytes.next()
        case 1: tree = trees.next()
        case 2, 3: tree = trees.changed(node)
        case 4,
            5 where method == "PATCH":
            return Array(pick(Self.patches).utf8)
        case 6 where method == "DELETE": return Array(pick(Self.patches).utf8)
        default: break
        }
        if tree["metadata"]?["name"]?.text == "NAME" { tree[["metadata", "name"]] = .string(name) }
        return DocumentWriter.jsonBytes(tree)
    }

    private mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    private mutating func pick<Element>(_ list: [Element]) -> Element { list[draw(list.count)] }
}
