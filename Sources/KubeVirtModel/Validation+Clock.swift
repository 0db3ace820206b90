import KubernetesModel

extension Clock {
    func validate(_ path: String) -> [FieldIssue] {
        var issues: [FieldIssue] = []
        if let timezone, timezone.wholeMatch(of: /[A-Za-z0-9_+\-]+(\/[A-Za-z0-9_+\-]+)*/) == nil {
            let message =
                "\(DocumentNode.string(timezone).excerpt ?? "") is no time zone: write one such as Europe/Berlin"
            issues.append(.error("\(path).timezone", message))
        }
        if timezone != nil, utc != nil {
            issues.append(.error(path, "utc and timezone exclude each other: remove one"))
        }
        let policies = [
            ("hpet", timer?.hpet, ["delay", "catchup", "merge", "discard"]),
            ("pit", timer?.pit, ["delay", "catchup", "discard"]),
            ("rtc", timer?.rtc, ["delay", "catchup"]), ("hyperv", timer?.hyperv, []), ("kvm", timer?.kvm, []),
        ]
        for (name, timer, allowed) in policies {
            issues += Self.check(timer?.tickPolicy, among: allowed, "\(path).timer.\(name).tickPolicy")
            issues += Self.check(
                timer?.track, among: name == "rtc" ? ["guest", "wall"] : [], "\(path).timer.\(name).track")
        }
        return issues
    }

    private static func check(_ value: String?, among allowed: [String], _ path: String) -> [FieldIssue] {
        guard let value, !allowed.contains(value) else { return [] }
        guard let last = allowed.last else { return [.error(path, "this timer has none: remove it")] }
        let choice = (allowed.count > 1 ? allowed.dropLast().joined(separator: ", ") + " or " : "") + last
        return [.error(path, "\(DocumentNode.string(value).excerpt ?? "") is not supported: write \(choice)")]
    }
}
