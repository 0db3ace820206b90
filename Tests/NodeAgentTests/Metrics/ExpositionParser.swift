/// A strict reader of Prometheus' text format: what it takes, every scraper takes.
struct ExpositionParser {
    struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var types: [String: String] = [:]
    private(set) var values: [Series: Double] = [:]
    private var family = ""

    init(_ text: String) throws {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Fault(description: "the last line has no end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { try take(line) }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        values[Series(name: name, labels: labels)]
    }

    private mutating func take(_ line: Substring) throws {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        if line.hasPrefix("# HELP ") {
            guard words.count == 4, types[words[2]] == nil else { throw Fault(description: "HELP: \(line)") }
            family = words[2]
        } else if line.hasPrefix("# TYPE ") {
            guard words.count == 4, words[2] == family, types[family] == nil,
                ["counter", "gauge", "histogram"].contains(words[3])
            else { throw Fault(description: "TYPE: \(line)") }
            types[family] = words[3]
        } else {
            try takeSeries(line)
        }
    }

    private mutating func takeSeries(_ line: Substring) throws {
        guard let end = line.firstIndex(where: { $0 == "{" || $0 == " " }) else { throw Fault(description: "\(line)") }
        let name = String(line[..<end])
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }) else {
            throw Fault(description: "name: \(line)")
        }
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard types[family] != nil, suffixes.contains(where: { family + $0 == name }) else {
            throw Fault(description: "outside of its family: \(line)")
        }
        var rest = line[end...]
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while rest.first != "}" { try Self.takeLabel(&rest, into: &labels) }
            rest = rest.dropFirst()
        }
        let text = rest.dropFirst()
        let value = text == "+Inf" ? Double.infinity : text == "NaN" ? .nan : Double(text)
        guard rest.first == " ", let value else { throw Fault(description: "value: \(line)") }
        guard values.updateValue(value, forKey: Series(name: name, labels: labels)) == nil else {
            throw Fault(description: "twice: \(line)")
        }
    }

    private static func takeLabel(_ rest: inout Substring, into labels: inout [String: String]) throws {
        guard let equals = rest.firstIndex(of: "=") else { throw Fault(description: "label: \(rest)") }
        let name = String(rest[..<equals])
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }), labels[name] == nil else {
            throw Fault(description: "label name: \(name)")
        }
        rest = rest[rest.index(after: equals)...]
        guard rest.first == "\"" else { throw Fault(description: "no quote: \(rest)") }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.first, character != "\"" {
            rest = rest.dropFirst()
            guard character == "\\" else {
                value.append(character)
                continue
            }
            switch rest.first {
            case "n": value.append("\n")
            case "\\": value.append("\\")
            case "\"": value.append("\"")
            default: throw Fault(description: "escape: \(rest)")
            }
            rest = rest.dropFirst()
        }
        guard rest.first == "\"" else { throw Fault(description: "no end: \(name)") }
        labels[name] = value
        rest = rest.dropFirst()
        if rest.first == "," { rest = rest.dropFirst() }
    }
}
