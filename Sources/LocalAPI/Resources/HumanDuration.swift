package import KubernetesModel

/// An age as kubectl shows it: at most two units, fewer the longer it is.
package enum HumanDuration {
    package static func text(seconds: Int64) -> String {
        guard seconds >= -1 else { return "<invalid>" }
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
        func pair(_ whole: Int64, _ unit: String, _ rest: Int64, _ smaller: String) -> String {
            rest == 0 ? "\(whole)\(unit)" : "\(whole)\(unit)\(rest)\(smaller)"
        }
        if seconds < 120 { return "\(max(0, seconds))s" }
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if hours < 3 { return "\(minutes)m" }
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        if days < 8 { return pair(days, "d", hours % 24, "h") }
        if days < 730 { return "\(days)d" }
        if days < 365 * 8 { return pair(days / 365, "y", days % 365, "d") }
        return "\(days / 365)y"
    }

    package static func since(_ text: String?, now: Timestamp) -> String {
        guard let text, let time = Timestamp.parse(text) else { return "<unknown>" }
        return Self.text(seconds: now.seconds - time.seconds)
    }
}
