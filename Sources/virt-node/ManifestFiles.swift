import ArgumentParser
import FoundationEssentials
import Glibc
import KubeVirtModel
import KubernetesModel

/// Reads the files that a command names, and prints what is wrong with them.
struct ManifestFiles {
    /// Bytes of one file; beyond that it is no manifest.
    private static let limit = 8 << 20

    var manifest: Manifest
    let texts: [String: String]
    let issues: [ManifestIssue]

    /// Reads all files; `-` is the standard input. Throws exit code 3 where one cannot be read.
    static func read(_ paths: [String], namespace: String) throws -> ManifestFiles {
        var reader = ManifestReader(defaultNamespace: namespace)
        var texts: [String: String] = [:]
        for path in paths {
            guard let text = try Self.text(path) else { throw ExitCode.invalidInput }
            let name = path == "-" ? "standard input" : path
            texts[name] = text
            reader.read(text, file: name)
        }
        return ManifestFiles(manifest: reader.manifest, texts: texts, issues: reader.issues)
    }

    private static func text(_ path: String) throws -> String? {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            Standard.error("virt-node: cannot read \(path): \(String(cString: strerror(errno)))")
            if errno == ENOENT { throw ExitCode.notFound }
            return nil
        }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                Standard.error("virt-node: cannot read \(path): \(String(cString: strerror(errno)))")
                return nil
            }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else {
                Standard.error("virt-node: \(path) is larger than \(limit >> 20) MiB: it is no manifest")
                return nil
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            Standard.error("virt-node: \(path) is not UTF-8 text: it is no manifest")
            return nil
        }
        return text
    }

    var hasErrors: Bool { issues.contains { $0.issue.severity == .error } }

    /// Prints every issue, with the line that it is about where a person reads.
    func printIssues() {
        for entry in issues {
            let issue = entry.issue
            let place = issue.position.map { ":\($0.line)" } ?? ""
            let kind = issue.severity == .error ? "error" : "warning"
            let object = entry.object.map { "\($0): " } ?? ""
            // A name with a line break must not forge a line of its own.
            let text = "\(object)\(issue)".replacing("\n", with: "\\n")
            Standard.error("\(entry.file)\(place): \(kind): \(text)")
            if Standard.errorIsTerminal, let line = issue.position?.line, let text = source(entry.file, line) {
                let number = "\(line)"
                Standard.error(String(repeating: " ", count: max(0, 5 - number.count)) + "\(number) | \(text)")
            }
        }
    }

    private func source(_ file: String, _ line: Int) -> String? {
        let lines = texts[file]?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
        return lines.indices.contains(line - 1) ? String(lines[line - 1].prefix(160)) : nil
    }

    /// Prints the issues, and leaves with 3 where one is an error or there is nothing to work on.
    func requireInstances() throws {
        printIssues()
        if hasErrors { throw ExitCode.invalidInput }
        if manifest.instances.isEmpty {
            Standard.error("virt-node: no file holds a VirtualMachineInstance")
            throw ExitCode.invalidInput
        }
    }
}
