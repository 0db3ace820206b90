/// Why a network of a VMI cannot be made ready.
package enum NetworkError: Error, Equatable {
    case badForward(annotation: String, entry: String)
    case forwardTwice(annotation: String, entry: String)
    case forwardUnknown(annotation: String, port: Int)
    case portTaken(interface: String, host: Int, guest: Int, problem: String)
    case noPortFree(interface: String, guest: Int)
    case tooManyForwards(count: Int, limit: Int)
    case networkUnfit(field: String, text: String, rule: String, example: String)
}

extension NetworkError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badForward(let annotation, let entry):
            "metadata.annotations[\(annotation)]: \"\(entry)\" is no forward: write HOST_PORT:GUEST_PORT, such as 2222:22"
        case .forwardTwice(let annotation, let entry):
            "metadata.annotations[\(annotation)]: a port of \(entry) stands in another entry too: name each port once"
        case .forwardUnknown(let annotation, let port):
            "metadata.annotations[\(annotation)]: no interface lists port \(port): add it under an interface's ports"
        case .portTaken(let interface, let host, let guest, let problem):
            "interface \(interface): port \(host) of the host cannot be forwarded to the guest's \(guest): \(problem)"
        case .noPortFree(let interface, let guest):
            "interface \(interface): no port of the host is free to forward to the guest's \(guest)"
        case .tooManyForwards(let count, let limit):
            "spec.domain.devices.interfaces: their ports and portRanges are \(count) ports, and QEMU's user mode forwards at most \(limit): list fewer"
        case .networkUnfit(let field, let text, let rule, let example):
            "\(field): \"\(text)\" does not fit QEMU's user mode: write \(rule), such as \(example)"
        }
    }
}
