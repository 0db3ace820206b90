import KubernetesModel
import NodeAgent
import Synchronization

/// A node with one VM, `default/vm`, that keeps the commands it is given; `default/none` has neither console nor display.
final class FakeHands: MachineHands {
    let hub = ConsoleHub()
    let vnc: String
    private let done = Mutex<[MachineCommand]>([])

    init(vnc: String = "") { self.vnc = vnc }

    var commands: [MachineCommand] { done.withLock { $0 } }

    private func check(_ namespace: String, _ name: String) throws(HandsError) {
        guard namespace == "default", ["vm", "none"].contains(name) else {
            throw .notFound(instance: "\(namespace)/\(name)")
        }
    }

    func perform(_ command: MachineCommand, namespace: String, name: String) async throws(HandsError) -> DocumentNode? {
        try check(namespace, name)
        if command == .unpause { throw .conflict(instance: "default/vm", reason: "it is not paused") }
        if command == .softReboot { throw .failed(instance: "default/vm", reason: "the guest agent does not answer") }
        done.withLock { $0.append(command) }
        switch command {
        case .guestOSInfo: return .object([DocumentMember("guestAgentVersion", .string("7.2"))])
        case .screenshot: return .object([DocumentMember("data", .string("iVBORw=="))])
        default: return nil
        }
    }

    func console(namespace: String, name: String) async throws(HandsError) -> ConsoleHub {
        try check(namespace, name)
        if name == "none" { throw .absent(instance: "default/none", what: "serial console") }
        return hub
    }

    func vncSocket(namespace: String, name: String) async throws(HandsError) -> String {
        try check(namespace, name)
        if name == "none" { throw .absent(instance: "default/none", what: "display") }
        return vnc
    }

    func report(namespace: String, name: String) async throws(HandsError) -> DocumentNode {
        try check(namespace, name)
        return .object([DocumentMember("name", .string(name))])
    }

    func overview() async -> DocumentNode { .object([DocumentMember("machines", .array([.string("vm")]))]) }
}
