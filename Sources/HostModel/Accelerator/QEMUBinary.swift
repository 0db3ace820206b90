import Subprocess
import SystemPackage

/// The QEMU that VMs run with.
package struct QEMUBinary: Sendable, Hashable, Codable {
    package var path: String
    /// `7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`; empty until asked for.
    package var version: String
    /// Size and time of change tell one installed build from the next.
    package var size: UInt64
    package var modified: Double

    package init(path: String, version: String, size: UInt64, modified: Double) {
        self.path = path
        self.version = version
        self.size = size
        self.modified = modified
    }

    /// Debian and Fedora, RHEL and its kin, an own build.
    package static let candidates = [
        "/usr/bin/qemu-system-x86_64", "/usr/libexec/qemu-kvm", "/usr/local/bin/qemu-system-x86_64",
    ]

    /// The first of `candidates` that exists, without its version.
    package static func find(
        _ root: HostRoot, among candidates: [String] = candidates
    ) throws(AcceleratorError) -> QEMUBinary {
        for path in candidates {
            if let file = FileStatus(of: root.resolve(path)) {
                return QEMUBinary(path: path, version: "", size: file.size, modified: file.modified)
            }
        }
        throw .qemuMissing(searched: candidates)
    }

    /// Asks the program for its version, which takes about 25 ms.
    package func withVersion(_ root: HostRoot) async throws(AcceleratorError) -> QEMUBinary {
        do {
            let result = try await Subprocess.run(
                .path(root.resolve(path)), arguments: ["--version"], input: .none, output: .string(limit: 4096),
                error: .discarded)
            var known = self
            known.version = Self.version(in: result.standardOutput) ?? ""
            return known
        } catch let error as SubprocessError {
            throw .qemuCannotStart(binary: path, problem: error.description)
        } catch {
            throw .qemuCannotStart(binary: path, problem: "\(error)")
        }
    }

    /// The version in `QEMU emulator version 7.2.22 (Debian …)`.
    static func version(in output: String) -> String? {
        let first = output.prefix { !$0.isNewline }
        guard let range = first.firstRange(of: "version ") else { return nil }
        return first[range.upperBound...].trimmed
    }
}
