package import KubernetesModel

/// Why the configuration cannot be used. All faults are told at once.
package enum ConfigurationError: Error, Equatable {
    /// The file is there and cannot be read.
    case unreadable(file: String, reason: String)
    /// The file is no YAML document.
    case syntax(file: String, DocumentError)
    case invalid([ConfigurationFault])
}

/// One thing that is wrong.
package struct ConfigurationFault: Sendable, Equatable {
    /// Where the value stood.
    package enum Source: Sendable, Equatable {
        case file(String, SourcePosition?)
        case environment(String)
        case commandLine
        /// Two keys that do not go together, wherever they stood.
        case combination
    }

    package var source: Source
    package var key: String
    /// What is wrong and what is allowed, as the end of a sentence that the key begins.
    package var message: String

    package init(_ source: Source, _ key: String, _ message: String) {
        self.source = source
        self.key = key
        self.message = message
    }
}

extension ConfigurationFault: CustomStringConvertible {
    package var description: String {
        let place =
            switch source {
            case .file(let file, let position?): "\(file):\(position.line):\(position.column)"
            case .file(let file, nil): file
            case .environment(let name): "environment variable \(name)"
            case .commandLine: "command line"
            case .combination: "configuration"
            }
        return "\(place): \(key) \(message)"
    }
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String { lines.joined(separator: "; ") }

    /// A line for each thing that is wrong.
    package var lines: [String] {
        switch self {
        case .unreadable(let file, let reason): ["\(file) cannot be read: \(reason)"]
        case .syntax(let file, let error):
            [file + (error.position.map { ":\($0.line):\($0.column)" } ?? "") + ": \(error)"]
        case .invalid(let faults): faults.map(\.description)
        }
    }
}
