package import SystemPackage

/// Why no host could be read from a file or folder.
package enum HostLoadError: Error, Hashable {
    case absent(FilePath)
    case unreadable(FilePath, reason: String)
    case tooLarge(FilePath, limit: Int)
    case notAHostFolder(FilePath)
    case notJSON(FilePath, reason: String)
    case unknownVersion(FilePath, version: String)
    case invalid(FilePath, [HostFault])
}

/// A field of a host's document that is wrong.
package struct HostFault: Error, Hashable, Sendable {
    /// `cells[1].cpus`; empty for the document itself.
    package var field: String
    /// What is wrong with it and what it should be.
    package var message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

extension HostFault: CustomStringConvertible {
    package var description: String { field.isEmpty ? message : "\(field): \(message)" }
}

extension HostLoadError: CustomStringConvertible {
    private static let remedy = "`virt-node host -o json` on the node prints such a file"

    package var description: String {
        switch self {
        case .absent(let path):
            "\(path): there is no such file or folder; \(Self.remedy)"
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason)"
        case .tooLarge(let path, let limit):
            "\(path): larger than \(limit >> 20) MiB, which no description of a host is; \(Self.remedy)"
        case .notAHostFolder(let path):
            "\(path): holds neither proc/meminfo nor sys/devices/system: name a folder that is laid out like /"
        case .notJSON(let path, let reason):
            "\(path): is not the JSON of a host: \(reason); \(Self.remedy)"
        case .unknownVersion(let path, let version):
            "\(path): \(HostDocument.versionField): \"\(version)\" is not a version that this program reads, "
                + "\(HostDocument.major).x: use the virt-node that printed it, or print it anew"
        case .invalid(let path, let faults):
            faults.map { "\(path): \($0)" }.joined(separator: "\n")
        }
    }
}
