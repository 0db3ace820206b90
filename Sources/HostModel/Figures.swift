/// A number with about three significant digits, for a sentence: `143`, `12`, `1.6`, `0.14`, `0.0031`.
func significant(_ value: Double) -> String {
    let digits =
        switch abs(value) {
        case 10...: 0
        case 1...: 1
        case 0.1...: 2
        case 0.01...: 3
        case 0: 0
        default: 4
        }
    return fixed(value, digits: digits)
}

/// A number with this many digits after the point. FoundationEssentials has no `String(format:)`.
func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return sign + "\(Int64(scaled))" }
    let fraction = String(Int64(scaled.truncatingRemainder(dividingBy: scale)))
    return sign + "\(Int64(scaled / scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// A size of so many KiB in the largest unit that leaves a number of at least one: `2 MiB`, `80 GiB`.
func size(kibibytes: UInt64) -> String {
    var value = Double(kibibytes)
    for unit in ["KiB", "MiB", "GiB"] {
        if value < 1024 { return "\(trimmedZero(value)) \(unit)" }
        value /= 1024
    }
    return "\(trimmedZero(value)) TiB"
}

private func trimmedZero(_ value: Double) -> String {
    value == value.rounded() ? fixed(value, digits: 0) : significant(value)
}
