import KubernetesModel

/// Puts a configuration together: defaults, then the file, then the environment, then the command line.
///
/// The file is read by our own document reader and not by a configuration library's provider, since that one hands out
/// values by key: it can neither list the keys that nobody asked for nor say on which line a value stood.
package struct ConfigurationReader {
    package private(set) var configuration = NodeConfiguration()
    /// What is odd without being wrong: a variable that may have been meant for a key.
    package private(set) var warnings: [String] = []
    private var faults: [ConfigurationFault] = []
    private static let keys = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.path, $0) })

    package init() {}

    /// The configuration, once everything was taken in.
    package mutating func finish() throws(ConfigurationError) -> NodeConfiguration {
        if faults.isEmpty { faults = configuration.contradictions().map { ConfigurationFault(.combination, $0, $1) } }
        guard faults.isEmpty else { throw .invalid(faults) }
        return configuration
    }

    /// Takes in the text of the file named `file`.
    package mutating func take(text: String, file: String) throws(ConfigurationError) {
        let documents: [DocumentNode]
        do { documents = try DocumentReader().read(text) } catch { throw .syntax(file: file, error) }
        for document in documents { take(document, below: "", file) }
    }

    private mutating func take(_ node: DocumentNode, below prefix: String, _ file: String) {
        guard case .object(let members) = node.value else {
            let name = prefix.isEmpty ? "the document" : String(prefix.dropLast())
            return fail(.file(file, node.position), name, "must hold keys and values")
        }
        for member in members where member.value.value != .null {
            let path = prefix + member.name
            let source = ConfigurationFault.Source.file(file, member.value.position)
            if Self.keys[path] != nil {
                set(path, ConfigurationValue(member.value), source)
            } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(path + ".") }) {
                take(member.value, below: path + ".", file)
            } else {
                fail(source, path, "is no key" + Self.hint(path, below: prefix))
            }
        }
    }

    /// Takes in the variables that bear a key's name. Others are let be: a cluster puts variables of that prefix into pods.
    package mutating func take(environment: [String: String]) {
        let prefix = ConfigurationKey.environmentPrefix
        let names = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.environmentName, $0.path) })
        let ends = names.keys.sorted().map { String($0.dropFirst(prefix.count)) }
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(prefix) {
            if let path = names[name] {
                set(path, .text(text), .environment(name))
            } else if let nearest = NearestName.of(String(name.dropFirst(prefix.count)), among: ends) {
                warnings.append("environment variable \(name) has no effect: did you mean \(prefix)\(nearest)?")
            }
        }
    }

    /// Takes in systemd's credentials: a file named like a key stands for the key's path.
    package mutating func take(credentials names: [String], in folder: String) {
        for name in names.sorted() {
            guard let key = Self.keys[name], key.shape == .file else {
                if let nearest = NearestName.of(name, among: Self.files) {
                    warnings.append("the credential \(name) has no effect: did you mean \(nearest)?")
                }
                continue
            }
            set(name, .text("\(folder)/\(name)"), .environment(Self.credentials))
        }
    }

    /// The variable that names their folder. Source: `systemd.exec(5)`.
    static let credentials = "CREDENTIALS_DIRECTORY"
    private static let files = ConfigurationKey.all.filter { $0.shape == .file }.map(\.path)

    /// Takes in what the command line says, by the keys' names.
    package mutating func take(options: [String: String]) {
        for (path, text) in options.sorted(by: { $0.key < $1.key }) {
            if Self.keys[path] == nil {
                fail(.commandLine, path, "is no key" + Self.hint(path, below: ""))
            } else {
                set(path, .text(text), .commandLine)
            }
        }
    }

    private mutating func set(_ path: String, _ value: ConfigurationValue, _ source: ConfigurationFault.Source) {
        guard let key = Self.keys[path] else { return }
        if key.read(value, &configuration) { return }
        let found = if case .document = value { "holds something else, and" } else { "is \"\(value.excerpt)\", and" }
        fail(source, path, "\(found) must be \(key.allowed)")
    }

    private mutating func fail(_ source: ConfigurationFault.Source, _ key: String, _ message: String) {
        faults.append(ConfigurationFault(source, key, message))
    }

    /// The nearest key on the same level, or of the same last name elsewhere.
    private static func hint(_ path: String, below prefix: String) -> String {
        let level = ConfigurationKey.all.map(\.path).filter { $0.hasPrefix(prefix) }
        let names = level.map { prefix + ($0.dropFirst(prefix.count).split(separator: ".").first ?? "") }
        let last = path.split(separator: ".").last.map(String.init) ?? path
        let elsewhere = ConfigurationKey.all.map(\.path).first { $0.hasSuffix("." + last) || $0 == last }
        guard let nearest = NearestName.of(path, among: names) ?? elsewhere else { return "" }
        return ": did you mean \(nearest)?"
    }
}
