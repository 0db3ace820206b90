/// One key of the configuration: its name in the file, what it takes, and where the value goes.
package struct ConfigurationKey: Sendable {
    /// Such as `metrics.tls.certificate`.
    package let path: String
    package let summary: String
    /// What a value must be, as the end of "must be …".
    package let allowed: String
    package let shape: ConfigurationShape
    /// Whether two configurations have the same value.
    let isSame: @Sendable (NodeConfiguration, NodeConfiguration) -> Bool
    /// Puts a value in its place; false where it is not allowed.
    let read: @Sendable (ConfigurationValue, inout NodeConfiguration) -> Bool

    init(
        _ path: String, _ shape: ConfigurationShape, _ summary: String, allowed: String? = nil,
        isSame: @escaping @Sendable (NodeConfiguration, NodeConfiguration) -> Bool,
        read: @escaping @Sendable (ConfigurationValue, inout NodeConfiguration) -> Bool
    ) {
        self.path = path
        self.summary = summary
        self.shape = shape
        self.allowed = allowed ?? shape.allowed
        self.isSame = isSame
        self.read = read
    }

    init(
        _ path: String, _ place: Place<some Equatable & Sendable>, _ shape: ConfigurationShape, _ summary: String,
        allowed: String? = nil, read: @escaping @Sendable (ConfigurationValue, inout NodeConfiguration) -> Bool
    ) {
        self.init(
            path, shape, summary, allowed: allowed, isSame: { $0[keyPath: place] == $1[keyPath: place] }, read: read)
    }

    static let environmentPrefix = "VIRT_NODE_"

    /// `VIRT_NODE_METRICS_TLS_CERTIFICATE` for `metrics.tls.certificate`, `VIRT_NODE_LIBVIRT_URI` for `libvirtURI`.
    package var environmentName: String {
        Self.environmentPrefix
            + path.split(separator: ".").map { Self.words(String($0)) }.joined(separator: "_")
    }

    /// `loopbackPort` becomes `LOOPBACK_PORT`, `clientCA` `CLIENT_CA`.
    private static func words(_ name: String) -> String {
        var result = ""
        var wasLower = false
        for character in name {
            if character.isUppercase, wasLower { result += "_" }
            wasLower = character.isLowercase
            result += character.uppercased()
        }
        return result
    }
}

extension ConfigurationKey {
    typealias Place<Value> = any WritableKeyPath<NodeConfiguration, Value> & Sendable

    static func text(
        _ path: String, _ place: Place<String>, _ rule: TextRule, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(path, place, .text, summary, allowed: rule.allowed) { value, configuration in
            guard case .text(let text) = value, rule.holds(text) else { return false }
            configuration[keyPath: place] = text
            return true
        }
    }

    static func text(
        _ path: String, _ place: Place<String?>, _ rule: TextRule, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(path, place, rule.isPath ? .file : .text, summary, allowed: "\(rule.allowed), or empty") {
            value, configuration in
            guard case .text(let text) = value, text.isEmpty || rule.holds(text) else { return false }
            configuration[keyPath: place] = text.isEmpty ? nil : text
            return true
        }
    }

    static func integer(
        _ path: String, _ place: Place<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(path, place, .integer(range), summary) { value, configuration in
            guard case .text(let text) = value, let number = Int(text), range.contains(number) else { return false }
            configuration[keyPath: place] = number
            return true
        }
    }

    static func boolean(_ path: String, _ place: Place<Bool>, _ summary: String) -> ConfigurationKey {
        ConfigurationKey(path, place, .boolean, summary) { value, configuration in
            guard case .text(let text) = value, let bool = Bool(text) else { return false }
            configuration[keyPath: place] = bool
            return true
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Equatable & Sendable>(
        _ path: String, _ place: Place<Choice>, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(path, place, .choice(Choice.allCases.map(\.rawValue)), summary) { value, configuration in
            guard case .text(let text) = value, let choice = Choice(rawValue: text) else { return false }
            configuration[keyPath: place] = choice
            return true
        }
    }

    static func list(
        _ path: String, _ place: Place<[String]>, _ rule: TextRule, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(path, place, .list, summary, allowed: "a list, each \(rule.allowed)") {
            value, configuration in
            guard let elements = value.elements, elements.allSatisfy({ rule.holds($0) }) else { return false }
            configuration[keyPath: place] = elements
            return true
        }
    }
}
