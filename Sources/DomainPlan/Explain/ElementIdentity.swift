import DomainModel

/// What tells an element of a domain from its neighbours of the same name, wherever it stands among them: a disk by its
/// name in the VMI, a timer by its own, a vCPU by its number.
enum ElementIdentity {
    /// Where an element of that name says what it is: in an attribute of its own, or (`child@attribute`) of a child's.
    private static let sources: [String: [String]] = [
        "disk": ["alias@name", "target@dev"],
        "interface": ["alias@name"],
        "hostdev": ["alias@name"],
        "input": ["alias@name"],
        "sound": ["alias@name"],
        "watchdog": ["alias@name"],
        "filesystem": ["target@dir"],
        "channel": ["target@name"],
        "graphics": ["type"],
        "feature": ["name"],
        "timer": ["name"],
        "entry": ["name"],
        "vcpu": ["id"],
        "cell": ["id"],
        "sibling": ["id"],
        "iothread": ["id"],
        "memnode": ["cellid"],
        "page": ["nodeset"],
        "vcpupin": ["vcpu"],
        "vcpusched": ["vcpus"],
        "iothreadpin": ["iothread"],
        "iothreadsched": ["iothreads"],
    ]

    /// The element's name, with what identifies it in brackets: `disk[root]`, `controller[usb0]`, `controller[pci]` for
    /// one without an index. Only the name, where nothing but its place identifies it.
    static func base(of element: XMLElement) -> String {
        key(of: element).map { "\(element.name)[\($0)]" } ?? element.name
    }

    private static func key(of element: XMLElement) -> String? {
        if element.name == "controller" {
            return element.attributes["type"].map { $0 + (element.attributes["index"] ?? "") }
        }
        for source in sources[element.name] ?? [] {
            let parts = source.split(separator: "@")
            let value =
                parts.count == 1
                ? element.attributes[source] : element[String(parts[0])]?.attributes[String(parts[1])]
            guard let value, !value.isEmpty else { continue }
            return value.hasPrefix("ua-") && value.count > 3 ? String(value.dropFirst(3)) : value
        }
        return nil
    }

    /// Where one of several children stands.
    struct Place {
        /// Unique among its neighbours: the base, and where several share it, how many of them come before.
        var step: String
        /// The base and that number: what it is matched by among the children of another domain's element.
        var identity: String
        /// The names that a cause may be noted under, the most exact first.
        var names: [String]
    }

    static func places(of children: [XMLElement]) -> [Place] {
        let bases = children.map(base)
        var totals: [String: Int] = [:]
        for base in bases { totals[base, default: 0] += 1 }
        var byBase: [String: Int] = [:]
        return zip(children, bases).map { child, base in
            let ordinal = byBase[base, default: 0]
            byBase[base] = ordinal + 1
            let step = totals[base, default: 0] > 1 ? "\(base)[\(ordinal)]" : base
            let names = [step] + (base == step ? [] : [base]) + (child.name == base ? [] : [child.name])
            return Place(step: step, identity: "\(base)#\(ordinal)", names: names)
        }
    }
}
