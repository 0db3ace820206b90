import KubernetesModel

extension VirtualMachineInstance {
    /// The annotations that change a VM; whatever else an object is annotated with is nobody's business here.
    func validateAnnotations(_ report: inout ValidationReport) {
        for name in Self.switches {
            guard let text = metadata.annotations[name] else { continue }
            // These two are compared letter by letter.
            let isExact = name == Self.emulatorThreadParity || name == Self.memfd
            if ["true", "false"].contains(isExact ? text : text.lowercased()) { continue }
            if text.isEmpty, name == Self.emulatorThreadParity { continue }
            report.warn("annotations[\(name)]", "\(text.quoted) is neither: write \"true\" or \"false\"")
        }
        if let text = metadata.annotations[Self.deviceLocality], !["required", "preferred", "socket"].contains(text) {
            report.error(
                "annotations[\(Self.deviceLocality)]", "is \(text.quoted): write required, preferred or socket")
        }
        if let text = metadata.annotations[Self.sharedVCPUs], text.isEmpty || !Self.isList(text) {
            report.error("annotations[\(Self.sharedVCPUs)]", "is \(text.quoted): write vCPUs such as 2-3,5")
        }
        if let text = metadata.annotations[Self.vlans], let problem = vlanProblem(text) {
            report.error("annotations[\(Self.vlans)]", problem)
        }
        if let text = metadata.annotations[Self.ignition], !Self.isObject(text) {
            let message = "is no JSON object: write an Ignition document, or the guest does not start"
            report.warn("annotations[\(Self.ignition)]", message)
        }
        if let text = metadata.annotations[Self.portForwards] { validatePortForwards(text, &report) }
    }

    /// The VLANs of interfaces that are virtual functions, by the interface's name; entries that are none are left out.
    package var vlans: [String: Int] {
        let entries = metadata.annotations[Self.vlans]?.split(separator: ",") ?? []
        let pairs = entries.compactMap { entry -> (String, Int)? in
            let ends = entry.split(separator: "=", omittingEmptySubsequences: false)
            guard ends.count == 2, let vlan = Int(ends[1]) else { return nil }
            return (String(ends[0]), vlan)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func vlanProblem(_ text: String) -> String? {
        let functions = spec.domain.devices.interfaces.filter { $0.sriov != nil && $0.state != .absent }.map(\.name)
        let vlans = vlans
        guard !vlans.isEmpty, vlans.count == text.split(separator: ",", omittingEmptySubsequences: false).count else {
            return "is \(text.quoted): write INTERFACE=VLAN, each interface once, such as net1=7,net2=8"
        }
        for (name, vlan) in vlans.sorted(by: { $0.key < $1.key }) {
            guard functions.contains(name) else {
                return "no interface with sriov has the name \(name.quoted): name one that has"
            }
            guard (1...4094).contains(vlan) else { return "VLAN \(vlan) does not exist: choose 1 to 4094" }
        }
        return nil
    }

    /// Numbers and ranges, as the kernel lists CPUs.
    private static func isList(_ text: String) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard (1...2).contains(ends.count), let low = ends.first ?? nil, let high = ends.last ?? nil else {
                return false
            }
            return low <= high
        }
    }

    private static let deviceLocality = "virt-node.io/device-locality"
    private static let sharedVCPUs = "virt-node.io/shared-vcpus"
    private static let vlans = "virt-node.io/vlans"
    private static let emulatorThreadParity = "alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity"
    private static let memfd = "kubevirt.io/memfd"
    private static let ignition = "kubevirt.io/ignitiondata"
    private static let portForwards = "virt-node.io/port-forwards"
    private static let switches = [
        emulatorThreadParity, "kubevirt.io/disablePCIHole64", "kubevirt.io/free-page-reporting-disabled",
        memfd, "kubevirt.io/placePCIDevicesOnRootComplex",
    ]

    private static func isObject(_ text: String) -> Bool {
        guard let documents = try? DocumentReader().read(text), documents.count == 1 else { return false }
        guard case .object = documents[0].value else { return false }
        return text.utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == UInt8(ascii: "{")
    }

    /// `HOST:GUEST,HOST:GUEST`: ports of the host that lead to ports which an interface lists. The first fault is told.
    private func validatePortForwards(_ text: String, _ report: inout ValidationReport) {
        let field = "annotations[\(Self.portForwards)]"
        let interfaces = spec.domain.devices.interfaces.filter { $0.state != .absent }
        let ranges = interfaces.flatMap(\.portRanges)
        let listed = Set(interfaces.flatMap(\.ports).map { Int($0.port) })
        var hosts: Set<Int> = []
        var guests: Set<Int> = []
        for entry in text.split(separator: ",") {
            let ends = entry.split(separator: ":", omittingEmptySubsequences: false)
            guard ends.count == 2, let host = Self.port(ends[0]), let guest = Self.port(ends[1]) else {
                let message = "is no forward: write HOST_PORT:GUEST_PORT, such as 2222:22"
                return report.error(field, "\(String(entry).quoted) \(message)")
            }
            let isNew = hosts.insert(host).inserted
            guard guests.insert(guest).inserted, isNew else {
                return report.error(
                    field, "a port of \(host):\(guest) stands in another entry too: name each port once")
            }
            guard listed.contains(guest) || ranges.contains(where: { Int($0.start) <= guest && guest <= Int($0.end) })
            else {
                return report.error(field, "no interface lists port \(guest): add it under an interface's ports")
            }
        }
    }

    private static func port(_ text: Substring) -> Int? {
        let digits = text.filter { !$0.isWhitespace }
        guard digits.utf8.allSatisfy(\.isDigit), let port = Int(digits), (1...65535).contains(port) else { return nil }
        return port
    }
}
