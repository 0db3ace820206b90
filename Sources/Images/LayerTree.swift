/// Names one file's content: the layer and the place of its entry in it.
struct ContentID: Hashable, Sendable {
    let layer: Int
    let entry: Int
}

/// The files an image consists of after all its layers, by OCI's rules: later layers replace earlier ones,
/// `.wh.NAME` removes a name, `.wh..wh..opq` all that lower layers put into a folder.
///
/// Owns one node for each path; nothing here touches a disk, and names are resolved in this tree alone, so that no
/// link can lead out of the image.
struct LayerTree {
    final class Node {
        enum Kind {
            case folder
            case file(ContentID)
            case symlink(target: String)
            /// A hard link whose target is not, or not allowed.
            case brokenLink(target: String, isOutside: Bool)
            case special(String)
        }

        var kind: Kind
        /// The layer that wrote this node last.
        var layer: Int
        var children: [String: Node] = [:]

        init(_ kind: Kind, layer: Int) {
            self.kind = kind
            self.layer = layer
        }
    }

    let image: String
    let root = Node(.folder, layer: -1)

    init(image: String) { self.image = image }

    /// Adds an entry of a layer; layers come in order. Throws for a name no honest tool writes.
    func add(_ entry: ArchiveEntry, as id: ContentID) throws(ImageError) {
        let path = try components(of: entry.name)
        guard let name = path.last else { return }
        let folder = folder(path.dropLast(), layer: id.layer)
        if name == ".wh..wh..opq" {
            prune(folder, before: id.layer)
        } else if name.hasPrefix(".wh..wh.") {
            return
        } else if name.hasPrefix(".wh.") {
            removeLower(String(name.dropFirst(4)), in: folder, before: id.layer)
        } else {
            place(node(for: entry, as: id), named: name, in: folder)
        }
    }

    /// The parts of an entry's name without `.`; refuses what points elsewhere.
    private func components(of name: String) throws(ImageError) -> [String] {
        guard !name.hasPrefix("/") else { throw refusal(name, "its name is absolute: names start at the image's root") }
        guard name.utf8.count <= 4096 else { throw refusal(String(name.prefix(64)) + "…", "its name is too long") }
        let parts = name.split(separator: "/").filter { $0 != "." }.map(String.init)
        guard !parts.contains("..") else { throw refusal(name, "its name holds '..': it would leave its folder") }
        return parts
    }

    private func refusal(_ name: String, _ reason: String) -> ImageError {
        .entryRefused(image: image, path: name, reason: reason)
    }

    /// The folder at a path, made where it is missing or something else.
    private func folder(_ path: ArraySlice<String>, layer: Int) -> Node {
        path.reduce(root) { node, name in
            if let child = node.children[name], case .folder = child.kind { return child }
            let child = Node(.folder, layer: layer)
            node.children[name] = child
            return child
        }
    }

    private func node(for entry: ArchiveEntry, as id: ContentID) -> Node {
        switch entry.kind {
        case .folder: Node(.folder, layer: id.layer)
        case .file: Node(.file(id), layer: id.layer)
        case .symlink(let target): Node(.symlink(target: target), layer: id.layer)
        case .special(let kind): Node(.special(kind), layer: id.layer)
        case .hardLink(let target): Node(hardLink(to: target), layer: id.layer)
        }
    }

    /// What a hard link shares: the content that its target has now.
    private func hardLink(to target: String) -> Node.Kind {
        guard let path = try? components(of: target) else { return .brokenLink(target: target, isOutside: true) }
        guard let kind = self[path]?.kind else { return .brokenLink(target: target, isOutside: false) }
        if case .folder = kind { return .brokenLink(target: target, isOutside: false) }
        return kind
    }

    /// The node at a path, without following links.
    subscript(path: [String]) -> Node? {
        path.reduce(Optional(root)) { node, name in node?.children[name] }
    }

    private func place(_ node: Node, named name: String, in folder: Node) {
        if case .folder = node.kind, let old = folder.children[name], case .folder = old.kind {
            old.layer = node.layer
        } else {
            folder.children[name] = node
        }
    }

    /// Removes a name as lower layers left it, but not what this layer put there.
    private func removeLower(_ name: String, in folder: Node, before layer: Int) {
        guard let node = folder.children[name] else { return }
        prune(node, before: layer)
        if node.layer < layer, node.children.isEmpty { folder.children[name] = nil }
    }

    private func prune(_ node: Node, before layer: Int) {
        for (name, child) in node.children {
            prune(child, before: layer)
            if child.layer < layer, child.children.isEmpty { node.children[name] = nil }
        }
    }
}
