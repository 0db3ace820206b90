import Images
import KubeVirtModel
import KubernetesModel

/// `volumes[].downwardAPI`: what the VMI's metadata say, as files of a medium. In a cluster these are the pod's, which
/// has the VMI's labels and annotations.
struct DownwardMedium {
    private let instance: VirtualMachineInstance
    private let volume: String

    init(_ instance: VirtualMachineInstance, _ volume: String) {
        self.instance = instance
        self.volume = volume
    }

    func image(_ source: DownwardAPISource) throws(DiskError) -> ISO9660Image {
        var files: [ISO9660Image.File] = []
        for (index, file) in source.fields.enumerated() {
            let field = "downwardAPI.fields[\(index)]"
            guard file.resourceFieldRef == nil else {
                throw .noPod(volume: volume, field: "\(field).resourceFieldRef")
            }
            let path = file.fieldRef?.fieldPath ?? ""
            guard let text = text(path) else {
                throw .fieldUnknown(volume: volume, field: "\(field).fieldRef.fieldPath", path: path)
            }
            files.append(
                ISO9660Image.File(
                    path: file.path, bytes: Array(text.utf8), mode: UInt16(truncatingIfNeeded: file.mode ?? 0o644)))
        }
        do throws(ImageError) {
            return try ISO9660Image(volumeID: source.volumeLabel ?? ConfigMedium.standardLabel, files: files)
        } catch {
            throw .medium(volume: volume, error)
        }
    }

    /// What a field says; nil for one that is not known here. A label that is absent says nothing.
    private func text(_ path: String) -> String? {
        let metadata = instance.metadata
        switch path {
        case "metadata.name": return instance.name
        case "metadata.namespace": return instance.namespace
        case "metadata.uid": return metadata.uid ?? ""
        case "metadata.labels": return Self.lines(metadata.labels)
        case "metadata.annotations": return Self.lines(metadata.annotations)
        default: break
        }
        guard let match = path.wholeMatch(of: /metadata\.(labels|annotations)\['(.+)'\]/) else { return nil }
        return (match.1 == "labels" ? metadata.labels : metadata.annotations)[String(match.2)] ?? ""
    }

    /// One line an entry, as Kubernetes writes them: `key="value"`, ordered by key, without a line feed at the end.
    private static func lines(_ entries: [String: String]) -> String {
        entries.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }.joined(separator: "\n")
    }

    /// A value in double quotes with Go's escapes.
    static func quoted(_ text: String) -> String {
        "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\u{7}": return "\\a"
        case "\u{8}": return "\\b"
        case "\u{C}": return "\\f"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{B}": return "\\v"
        case " ": return " "
        default: break
        }
        if isPrintable(scalar) { return String(scalar) }
        let (prefix, width) = scalar.value < 0x80 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        let digits = String(scalar.value, radix: 16)
        return "\\\(prefix)" + String(repeating: "0", count: width - digits.count) + digits
    }

    /// Letters, marks, numbers, punctuation and symbols: all that leaves a trace when printed.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            false
        default: true
        }
    }
}
