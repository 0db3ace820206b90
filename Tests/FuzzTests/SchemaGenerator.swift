import KubernetesModel
import TestSupport

/// Makes values for any field from what its table says of it, most of them such as a user writes.
struct SchemaGenerator {
    var random: SeededRandom

    /// A value of that kind; `name` is the field's.
    mutating func value(of schema: FieldSchema, named name: String, depth: Int = 0) -> DocumentNode {
        switch schema {
        case .string: return .string(text(named: name))
        case .oneOf(let choices): return .string(choices.randomElement(using: &random) ?? "")
        case .boolean: return .bool(Bool.random(using: &random))
        case .integer(let minimum, let maximum): return number(minimum, maximum)
        case .quantity: return .string(pick(["64Mi", "1Gi", "2", "500m", "1.5Gi", "1e9", "2048Ki", "0", "4Ti"]))
        case .timestamp: return .string(pick(["2026-01-31T12:00:00Z", "1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z"]))
        case .any:
            return pick([.object([DocumentMember("a", .array([.string("b")]))]), .array([]), .string("x"), .number(7)])
        case .list(let element):
            guard depth < 16 else { return .array([]) }
            return .array(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    value(of: element, named: name, depth: depth + 1)
                })
        case .map(let inner):
            return .object([DocumentMember(word(), value(of: inner, named: name, depth: depth + 1))])
        case .object(_, let members): return object(members(), depth: depth)
        }
    }

    /// Some of the fields, more near the root, so that trees end.
    private mutating func object(_ fields: [FieldDescription], depth: Int) -> DocumentNode {
        var members: [DocumentMember] = []
        for field in fields where depth < 16 && Int.random(in: 0..<8, using: &random) < (depth < 3 ? 4 : 3) {
            members.append(DocumentMember(field.name, value(of: field.schema, named: field.name, depth: depth + 1)))
        }
        return .object(members)
    }

    /// A VMI with any of its fields, and the few that every one needs.
    mutating func instance(_ schema: FieldSchema) -> DocumentNode {
        let fixed = ["apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance"]
        var node = value(of: schema, named: "")
        guard case .object(var members) = node.value else { return node }
        members.removeAll { fixed[$0.name] != nil }
        members += fixed.sorted { $0.key < $1.key }.map { DocumentMember($0, .string($1)) }
        for name in ["metadata", "spec"] where node[name] == nil {
            guard let field = schema.member(name) else { continue }
            members.append(DocumentMember(name, value(of: field, named: name)))
        }
        node.value = .object(members)
        return node
    }

    private mutating func number(_ minimum: Int64, _ maximum: Int64) -> DocumentNode {
        let usual: [Int64] = [0, 1, 2, 3, 4, 8, 64, 512, 4096, 8191, minimum, maximum]
        let fitting = usual.filter { $0 >= minimum && $0 <= maximum }
        return .number(fitting.randomElement(using: &random) ?? minimum)
    }

    /// Names are few, so that fields that refer to each other often do.
    private mutating func word() -> String { pick(["root", "data", "net", "a", "b-1", "default"]) }

    private mutating func text(named name: String) -> String {
        switch name {
        case "macAddress": pick(["02:00:00:00:00:01", "02-00-00-AA-BB-CC"])
        case "pciAddress": pick(["0000:00:0a.0", "0000:01:00.0", "0000:00:1e.7"])
        case "vmNetworkCIDR": "10.0.2.0/24"
        case "vmIPv6NetworkCIDR": "fd10:0:2::/120"
        case "image": pick(["quay.io/a/b:1", "registry.example/x@sha256:00", "busybox"])
        case "path", "kernelPath", "initrdPath": pick(["/srv/a.img", "/boot/vmlinuz", "labels"])
        case "uuid", "uid": "5d307ca9-b3ef-428c-8861-06e72d69f223"
        case "pageSize": pick(["2Mi", "1Gi"])
        case "mask": pick(["0", "0-1", "0-3,^1"])
        case "timezone": "Europe/Berlin"
        case "deviceName": pick(["nvidia.com/A100", "intel.com/qat"])
        case "dhCert", "session", "userDataBase64", "networkDataBase64": "QUJD"
        case "architecture": "amd64"
        case "model": pick(["virtio", "e1000e", "host-model", "host-passthrough", "EPYC"])
        case "type": pick(["q35", "pc-q35-7.2", "vga", "virtio"])
        case "tickPolicy": pick(["delay", "catchup", "discard", "merge"])
        case "track": pick(["guest", "wall"])
        default: word()
        }
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &random)]
    }
}
