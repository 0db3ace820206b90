import FoundationEssentials
package import SystemPackage

extension Host {
    /// A host with 8192 CPUs and 4096 PCI functions takes less.
    private static let maximumBytes = 16 << 20

    /// Reads a host from the JSON that `virt-node host -o json` prints, or from a folder laid out like `/`.
    package static func load(_ path: FilePath) throws(HostLoadError) -> Host {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path.string, isDirectory: &isFolder) else { throw .absent(path) }
        return isFolder ? try load(folder: path) : try decode(try contents(of: path), from: path)
    }

    /// Reads a host from a folder laid out like `/`.
    package static func load(folder path: FilePath) throws(HostLoadError) -> Host {
        guard FileManager.default.fileExists(atPath: path.string) else { throw .absent(path) }
        let root = HostRoot(path)
        guard root.exists("/proc/meminfo") || root.isFolder("/sys/devices/system") else { throw .notAHostFolder(path) }
        return Host(probing: root)
    }

    /// Reads the text of a document; `path` is named in errors.
    static func decode(_ bytes: [UInt8], from path: FilePath) throws(HostLoadError) -> Host {
        let version = try value(HostDocumentVersion.self, in: bytes, path)
        guard version.major == HostDocument.major else {
            throw .unknownVersion(path, version: String(version.formatVersion.prefix(40)))
        }
        let host = try value(Host.self, in: bytes, path)
        let faults = host.faults
        guard faults.isEmpty else { throw .invalid(path, faults) }
        return host
    }

    private static func value<Value: Decodable>(
        _ type: Value.Type, in bytes: [UInt8], _ path: FilePath
    ) throws(HostLoadError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            let fault = HostFault(error)
            let found = fault.field.isEmpty ? JSONFaultFinder.faults(in: bytes) : [fault]
            if let first = found.first, !first.field.isEmpty { throw .invalid(path, found) }
            throw .notJSON(path, reason: found.first?.message ?? fault.message)
        } catch {
            throw .notJSON(path, reason: "\(error)")
        }
    }

    /// Reads pipes too, so that the output of a program can be given.
    private static func contents(of path: FilePath) throws(HostLoadError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            try file.closeAfter {
                var chunk = [UInt8](repeating: 0, count: 1 << 16)
                while bytes.count <= maximumBytes {
                    let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { break }
                    bytes += chunk[..<count]
                }
            }
        } catch {
            throw .unreadable(path, reason: "\(error)")
        }
        guard bytes.count <= maximumBytes else { throw .tooLarge(path, limit: maximumBytes) }
        return bytes
    }
}

extension HostFault {
    /// What a decoder says, in the words of a document's author.
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(Self.path(context.codingPath + [key]), "is missing; `virt-node host -o json` prints all fields")
        case .typeMismatch(let type, let context):
            self.init(Self.path(context.codingPath), "must be \(Self.kind(type))")
        case .valueNotFound(let type, let context):
            self.init(Self.path(context.codingPath), "is null, and must be \(Self.kind(type))")
        case .dataCorrupted(let context):
            self.init(Self.path(context.codingPath), context.debugDescription)
        @unknown default:
            self.init("", "\(error)")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    private static func kind(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "text in quotes"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
        }
    }
}
