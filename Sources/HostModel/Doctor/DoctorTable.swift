/// The report as text for people: the same at a terminal and in a file, but for colours.
package struct DoctorTable: Sendable {
    package var report: DoctorReport
    package var colors: Bool
    /// One line a check, nothing wrapped.
    package var wide: Bool

    package init(report: DoctorReport, colors: Bool, wide: Bool = false) {
        self.report = report
        self.colors = colors
        self.wide = wide
    }

    private static let columns = 120

    /// Ends with a line feed.
    package var text: String {
        (report.checks.flatMap(rows) + ["", summary]).joined(separator: "\n") + "\n"
    }

    private func rows(_ check: Capability) -> [String] {
        let titles = report.checks.map(\.title.count).max() ?? 0
        let states = report.checks.map { status($0).count }.max() ?? 0
        let head =
            "\(mark(check.state)) \(padded(check.title, titles))  \(paint(padded(status(check), states), check.state))  "
        let indent = String(repeating: " ", count: 2 + titles + 2 + states + 2)
        if wide {
            return [head + check.evidence + (check.remedy.map { "  → \($0)" } ?? "")]
        }
        let width = Self.columns - indent.count
        var lines = wrapped(check.evidence, width: width)
        for (index, line) in wrapped(check.remedy ?? "", width: width - 2).enumerated() where !line.isEmpty {
            lines.append((index == 0 ? "→ " : "  ") + line)
        }
        return lines.enumerated().map { index, line in (index == 0 ? head : indent) + line }
    }

    /// The verdict tells more than the state of its check.
    private func status(_ check: Capability) -> String {
        check.id == "accelerator" ? report.accelerator.verdict.rawValue : check.state.rawValue
    }

    private var summary: String {
        let absent = report.checks.filter { ["qemu", "libvirt"].contains($0.id) && $0.state == .missing }.map(\.title)
        if !report.canRunVirtualMachines {
            return
                "VMs cannot run on this node: \(absent.joined(separator: " and ")) \(absent.count == 1 ? "is" : "are") missing."
        }
        return switch report.accelerator.verdict {
        case .kvm: "VMs run on this node, with KVM."
        case .emulation: "VMs run on this node, emulated in software: expect them to be slow."
        }
    }

    private func mark(_ state: Capability.State) -> String {
        let mark =
            switch state {
            case .ok: "✓"
            case .degraded: "!"
            case .missing: "✗"
            case .unknown: "?"
            }
        return paint(mark, state)
    }

    private func paint(_ text: String, _ state: Capability.State) -> String {
        guard colors else { return text }
        let color =
            switch state {
            case .ok: 32
            case .degraded, .unknown: 33
            case .missing: 31
            }
        return "\u{1B}[\(color)m\(text)\u{1B}[0m"
    }
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

/// Breaks at spaces; a word longer than the width stays whole, so that it can be copied.
func wrapped(_ text: String, width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        let last = lines.count - 1
        if lines[last].isEmpty {
            lines[last] = String(word)
        } else if lines[last].count + 1 + word.count <= width {
            lines[last] += " \(word)"
        } else {
            lines.append(String(word))
        }
    }
    return lines
}
