import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension HostRoot {
    /// As many links as Linux follows before it says ELOOP.
    private static let maximumLinks = 40

    /// `path` as a path of this process, with links followed as a process would whose root this folder is: `..` ends
    /// here and an absolute link begins here. `nil` where links lead in a circle.
    func locate(_ path: String, followingLast: Bool = true) -> String? {
        if isRunningHost { return path }
        var pending = Array(path.split(separator: "/").reversed())
        var found: [Substring] = []
        var links = 0
        while let name = pending.popLast() {
            switch name {
            case ".": continue
            case "..": _ = found.popLast()
            default:
                found.append(name)
                guard !pending.isEmpty || followingLast, let target = Self.linkText(of: join(found)) else { continue }
                links += 1
                guard links <= Self.maximumLinks else { return nil }
                if target.hasPrefix("/") { found = [] } else { found.removeLast() }
                pending += target.split(separator: "/").reversed()
            }
        }
        return join(found)
    }

    private func join(_ names: [Substring]) -> String {
        names.reduce(into: path.string) { $0 += "/" + $1 }
    }

    /// Maps to `readlink`; `nil` for what is no link.
    static func linkText(of file: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(file, start, buffer.count)
            guard count > 0 else { return nil }
            return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
