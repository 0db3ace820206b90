/// The causes that a plan noted, found by the path of an element or attribute.
struct CauseIndex {
    private var reasons: [String: PlanCause.Reason] = [:]
    /// Every path below which something is noted, so that a walk through a domain drops the others at once.
    private var openings: Set<String> = [""]

    /// A later cause of the same part stands for an earlier one.
    init(_ causes: [PlanCause]) {
        for cause in causes {
            reasons[cause.element] = cause.reason
            var rest = cause.element[...]
            while let end = rest.lastIndex(where: { $0 == "/" || $0 == "@" }) {
                guard openings.insert(String(rest)).inserted else { break }
                rest = rest[..<end]
            }
            openings.insert(String(rest))
        }
    }

    /// Where a walk stands: the paths under which a cause of the element may be noted, the most exact first.
    struct Position {
        fileprivate var paths: [String]

        static let root = Position(paths: [""])
    }

    func position(below parent: Position, _ place: ElementIdentity.Place) -> Position {
        var paths: [String] = []
        for path in parent.paths {
            for name in place.names {
                let child = path.isEmpty ? name : "\(path)/\(name)"
                if openings.contains(child) { paths.append(child) }
            }
        }
        return Position(paths: paths)
    }

    /// The cause noted for the element there; nil where it is that of the element around it.
    func reason(at position: Position) -> PlanCause.Reason? {
        for path in position.paths { if let reason = reasons[path] { return reason } }
        return nil
    }

    func reason(at position: Position, attribute: String) -> PlanCause.Reason? {
        for path in position.paths { if let reason = reasons["\(path)@\(attribute)"] { return reason } }
        return nil
    }
}
