/// A file found in an image.
struct LayerFile: Hashable, Sendable {
    /// Absolute, as it was asked for.
    let path: String
    let content: ContentID
    /// The name is a symbolic link to another file of the image.
    let isLink: Bool
}

extension LayerTree {
    /// The parts of a path that a VMI names; nil where it would leave the image.
    static func parts(of path: String) -> [String]? {
        guard !path.utf8.contains(0) else { return nil }
        let parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
        return parts.isEmpty || parts.contains("..") ? nil : parts
    }

    /// The regular file at `path`, through links that stay in their folders.
    func file(_ path: String) throws(ImageError) -> LayerFile {
        guard let parts = Self.parts(of: path) else { throw .noSuchFile(image: image, path: path) }
        var reached: [String] = []
        var rest = parts[...]
        var hops = 0
        while let name = rest.popFirst() {
            let node = self[reached + [name]]
            switch node?.kind {
            case nil:
                let target = "/" + (reached + [name]).joined(separator: "/")
                throw hops > 0
                    ? .linkToNothing(image: image, path: path, target: target) : .noSuchFile(image: image, path: path)
            case .folder: reached.append(name)
            case .symlink(let target):
                hops += 1
                guard hops <= 40 else { throw .linkToNothing(image: image, path: path, target: target) }
                rest = try relative(target, path: path)[...] + rest
            case .brokenLink(let target, let isOutside):
                throw isOutside
                    ? .linkOutOfFolder(image: image, path: path, target: target)
                    : .linkToNothing(image: image, path: path, target: target)
            case .special(let kind): throw .notARegularFile(image: image, path: path, kind: kind)
            case .file(let content):
                guard rest.isEmpty else { throw .noSuchFile(image: image, path: path) }
                return LayerFile(path: "/" + parts.joined(separator: "/"), content: content, isLink: hops > 0)
            }
        }
        throw .notARegularFile(image: image, path: path, kind: "folder")
    }

    /// All files under a folder by path; a name that is neither file nor folder nor a link to a file is refused.
    func files(under folder: String) throws(ImageError) -> [LayerFile] {
        guard let node = self[[folder]] else { return [] }
        guard case .folder = node.kind else {
            throw .notARegularFile(image: image, path: "/\(folder)", kind: "file where a folder is expected")
        }
        var found: [LayerFile] = []
        for path in Self.names(in: node, at: "/\(folder)") { found.append(try file(path)) }
        return found
    }

    /// Whether a regular file lies anywhere but under the folder.
    func hasFiles(outside folder: String) -> Bool {
        root.children.contains { name, node in name != folder && Self.holdsFile(node) }
    }

    private static func holdsFile(_ node: Node) -> Bool {
        if case .file = node.kind { return true }
        return node.children.values.contains(where: holdsFile)
    }

    private static func names(in node: Node, at path: String) -> [String] {
        node.children.sorted { $0.key < $1.key }.flatMap { name, child in
            if case .folder = child.kind { return names(in: child, at: "\(path)/\(name)") }
            return ["\(path)/\(name)"]
        }
    }

    /// The parts of a link's target, which must stay in the link's folder whatever `..` it holds.
    private func relative(_ target: String, path: String) throws(ImageError) -> [String] {
        let outside = ImageError.linkOutOfFolder(image: image, path: path, target: target)
        guard !target.hasPrefix("/"), !target.isEmpty else { throw outside }
        var parts: [String] = []
        for part in target.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                throw outside
            }
        }
        return parts
    }
}
