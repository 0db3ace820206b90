import Foundation
import Testing

/// Each module may import only those above it, and one module alone imports a C library.
@Suite struct ModuleGraphTests {
    /// From the top: values first, then what reads and changes the host, then who puts it together.
    static let order = [
        "KubernetesModel", "KubeVirtModel", "DomainModel", "HostModel", "Placement", "HostDevices", "DomainPlan",
        "Libvirt", "Sandbox", "Images",
        "Disks", "Networks", "KubernetesAPI", "Serving", "LocalAPI", "NodeAgent", "virt-node",
    ]
    /// The one module that may import each C library, or package, that is not for all.
    static let owners = [
        "CLibvirt": "Libvirt", "CArchive": "Images", "CSandbox": "Sandbox", "Yams": "KubernetesModel",
        "ArgumentParser": "virt-node",
        "AsyncHTTPClient": "KubernetesAPI", "GRDB": "LocalAPI", "NIOWebSocket": "Serving",
    ]
    /// Modules that no effect may enter: neither files nor processes nor libvirt.
    static let pure = ["KubernetesModel", "KubeVirtModel", "DomainModel", "Placement", "DomainPlan"]
    static let effects: Set<String> = [
        "Glibc", "Foundation", "Dispatch", "SystemPackage", "Subprocess", "Libvirt", "Images",
    ]
    /// What reads a host; its values are for all.
    static let probes = ["HostRoot", "probing:"]

    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let sources = root.appending(path: "Sources")

    /// The import lines of a module: `file: module`.
    private static func imports(of module: String) throws -> [(file: String, module: String)] {
        let folder = sources.appending(path: module)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        return try files.sorted().flatMap { file in
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            let pattern =
                /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
                .anchorsMatchLineEndings()
            return text.matches(of: pattern).map { ("\(module)/\(file)", String($0.1)) }
        }
    }

    @Test("a module imports only those above it", arguments: order)
    func importsOnlyAbove(module: String) throws {
        let place = try #require(Self.order.firstIndex(of: module))
        let imports = try Self.imports(of: module)
        for entry in imports {
            guard let other = Self.order.firstIndex(of: entry.module) else { continue }
            #expect(other < place, "\(entry.file) imports \(entry.module)")
        }
    }

    @Test("every module has its place in the order, and its files are found")
    func complete() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path).filter {
            !$0.hasPrefix(".")
        }
        #expect(Set(folders).subtracting(Self.owners.keys).subtracting(Self.order).isEmpty)
        let all = try Self.order.flatMap { try Self.imports(of: $0).map(\.module) }
        #expect(all.count > 100)
        // Each of these is imported somewhere: else the lines were not understood.
        for module in Self.order.dropLast() + Array(Self.owners.keys) { #expect(all.contains(module), "\(module)") }
    }

    @Test("a C library, or a package that is not for all, is imported by one module", arguments: owners)
    func isImportedOnce(library: String, owner: String) throws {
        for module in Self.order where module != owner {
            let files = try Self.imports(of: module).filter { $0.module == library }.map(\.file)
            #expect(files.isEmpty, "\(library)")
        }
    }

    @Test("a pure module imports nothing that has effects", arguments: pure)
    func isPure(module: String) throws {
        let files = try Self.imports(of: module).filter { Self.effects.contains($0.module) }
        #expect(files.isEmpty, "\(files)")
        let folder = Self.sources.appending(path: module)
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for probe in Self.probes { #expect(!text.contains(probe), "\(module)/\(file) reads a host") }
        }
    }

    @Test("Package.swift lets no module depend on one below it", arguments: order)
    func manifest(module: String) throws {
        let text = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
        let targets = text.split(separator: /\.(?:target|executableTarget|testTarget|systemLibrary)\(/).dropFirst()
        let target = try #require(targets.first { $0.drop(while: \.isWhitespace).hasPrefix("name: \"\(module)\"") })
        let place = try #require(Self.order.firstIndex(of: module))
        for other in Self.order[place...] where other != module {
            #expect(!target.contains("\"\(other)\""), "\(module) depends on \(other)")
        }
    }
}
