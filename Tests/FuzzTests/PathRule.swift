import DomainModel
import KubeVirtModel

/// No file of a domain lies anywhere but in the folders of virt-node, on the host disks that the spec names, or where the
/// system has it.
struct PathRule {
    private let folders: [String]
    private let files: Set<String>

    private static let systemFiles: Set = [
        "/run/virt-node/pr-helper.sock", "/dev/urandom", "/usr/share/OVMF/OVMF_CODE_4M.fd",
        "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd",
        "/usr/share/OVMF/OVMF_VARS_4M.ms.fd",
    ]
    private static let attributes: Set = ["file", "path", "socket", "dir", "template", "startupPolicyFile", "bundle"]
    private static let elements: Set = ["loader", "nvram", "kernel", "initrd", "table", "emulator", "backend"]

    init(_ instance: VirtualMachineInstance) {
        folders = [Pipeline.images, Pipeline.folder(of: instance)]
        files = Self.systemFiles.union(instance.spec.volumes.compactMap { $0.hostDisk?.path })
    }

    func faults(in element: XMLElement) -> [String] {
        Self.paths(of: element).filter { !allows($0) }.map {
            "<\(element.name)> leaves its folder: \($0.debugDescription)"
        }
            + element.children.flatMap { faults(in: $0) }
    }

    private static func paths(of element: XMLElement) -> [String] {
        // The target of a shared folder is the tag that the guest mounts.
        guard element.name != "target" else { return [] }
        var paths = element.attributes.filter { attributes.contains($0.name) }.map(\.value)
        if element.name == "source" || element.name == "backingStore", let device = element.attributes["dev"] {
            paths.append(device)
        }
        if elements.contains(element.name), !element.text.isEmpty { paths.append(element.text) }
        if element.name == "qemu:arg", let value = element.attributes["value"], let file = value.firstRange(of: "file=")
        {
            paths.append(String(value[file.upperBound...]))
        }
        return paths
    }

    private func allows(_ path: String) -> Bool {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return false }
        var parts: [Substring.UTF8View] = []
        var isPlain = true
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            let isUp = part.elementsEqual("..".utf8)
            let isHere = part.elementsEqual(".".utf8)
            isPlain = isPlain && !isUp && !isHere
            if isUp { _ = parts.popLast() } else if !isHere { parts.append(part) }
        }
        if files.contains(path) { return isPlain }
        let normal = "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
        return folders.contains { normal.utf8.starts(with: "\($0)/".utf8) }
    }
}
