import FoundationEssentials
import SystemPackage

/// Lists the files of a folder that becomes an image; links are judged by their text and never lead out of it.
struct FolderScan {
    struct Found: Hashable, Sendable {
        let host: FilePath
        /// Absolute in the image.
        let path: String
        let isLink: Bool
    }

    let root: FilePath
    let image: String
    let limits: ImageLimits

    /// All files, by path. Throws for links out of the folder, devices and the like.
    func files() throws(ImageError) -> [Found] {
        var found: [Found] = []
        try collect(&found, in: [])
        return found
    }

    private func collect(_ found: inout [Found], in folder: [String]) throws(ImageError) {
        for name in try FileSystem.names(in: host(folder)) {
            let parts = folder + [name]
            let path = "/" + parts.joined(separator: "/")
            switch type(parts) {
            case .directory?: try collect(&found, in: parts)
            case .regular?: found.append(Found(host: host(parts), path: path, isLink: false))
            case .symbolicLink?:
                let target = try resolve(parts, path: path)
                // A link to a folder adds no file.
                if type(target) == .regular { found.append(Found(host: host(target), path: path, isLink: true)) }
            default: throw .notARegularFile(image: image, path: path, kind: "special file")
            }
            guard found.count <= limits.entries else {
                throw .limitExceeded(
                    image: image, limit: .entries, found: Int64(found.count), allowed: Int64(limits.entries))
            }
        }
    }

    /// Follows links part by part, in text alone; each must stay below the root.
    private func resolve(_ link: [String], path: String) throws(ImageError) -> [String] {
        var reached: [String] = []
        var rest = link[...]
        var hops = 0
        while let name = rest.popFirst() {
            if name == ".." {
                guard reached.popLast() != nil else { throw outside(path, "..") }
                continue
            }
            guard type(reached + [name]) == .symbolicLink else {
                guard type(reached + [name]) != nil else { throw nothing(path, name) }
                reached.append(name)
                continue
            }
            let text = try? FileManager.default.destinationOfSymbolicLink(atPath: host(reached + [name]).string)
            guard let target = text, !target.hasPrefix("/") else { throw outside(path, text ?? name) }
            hops += 1
            guard hops <= 40 else { throw nothing(path, target) }
            rest = target.split(separator: "/").filter { $0 != "." }.map(String.init)[...] + rest
        }
        return reached
    }

    private func outside(_ path: String, _ target: String) -> ImageError {
        .linkOutOfFolder(image: image, path: path, target: target)
    }

    private func nothing(_ path: String, _ target: String) -> ImageError {
        .linkToNothing(image: image, path: path, target: target)
    }

    private func host(_ parts: [String]) -> FilePath { parts.reduce(root) { $0.appending($1) } }

    private func type(_ parts: [String]) -> FileType? {
        (try? Stat(host(parts), followTargetSymlink: false))?.type
    }
}
