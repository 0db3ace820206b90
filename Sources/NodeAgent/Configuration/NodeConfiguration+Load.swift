import FoundationEssentials
package import SystemPackage

extension NodeConfiguration {
    package static let standardPath: FilePath = "/etc/virt-node/config.yaml"

    /// Reads the file and lays environment and command line over it. `options` are keyed by the keys' names.
    ///
    /// Without a file named by the user, an absent one is an empty one.
    package static func load(
        _ path: FilePath? = nil, standard: FilePath = standardPath, environment: [String: String] = [:],
        options: [String: String] = [:]
    ) throws(ConfigurationError) -> (configuration: NodeConfiguration, warnings: [String]) {
        let file = path ?? standard
        var reader = ConfigurationReader()
        if path != nil || FileManager.default.fileExists(atPath: file.string) {
            try reader.take(text: text(of: file), file: file.string)
        }
        if let folder = environment[ConfigurationReader.credentials], folder.hasPrefix("/") {
            reader.take(credentials: Files.names(in: FilePath(folder)), in: folder)
        }
        reader.take(environment: environment)
        reader.take(options: options)
        return (try reader.finish(), reader.warnings)
    }

    private static let maximumBytes = 1 << 20

    private static func text(of path: FilePath) throws(ConfigurationError) -> String {
        let data: [UInt8]
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly)
            data = try descriptor.closeAfter {
                var buffer = [UInt8](repeating: 0, count: maximumBytes)
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                return Array(buffer.prefix(count))
            }
        } catch {
            throw .unreadable(file: path.string, reason: "\(error)")
        }
        guard data.count < maximumBytes else {
            throw .unreadable(file: path.string, reason: "it has more than \(maximumBytes) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .unreadable(file: path.string, reason: "it is not UTF-8 text")
        }
        return text
    }
}
