import DomainModel
import DomainPlan
import FoundationEssentials
import Images
import KubeVirtModel
import KubernetesModel
import Subprocess
import SystemPackage
import Testing

@testable import Disks

/// A folder with a store, claims and a VM's own folder, removed with its last reference.
final class DiskBench: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/disks-test-\(UInt64.random(in: .min ... .max))")
        for name in ["vm", "claims", "data"] {
            try FileManager.default.createDirectory(
                atPath: path.appending(name).string, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func callAsFunction(_ name: String) -> FilePath { path.appending(FilePath(name).components) }

    func write(_ name: String, _ bytes: [UInt8], permissions: Int = 0o600) throws {
        let file = self(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file.string))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file.string)
    }

    /// What prepares the volumes of a VMI with these lines, beside these objects.
    func preparer(
        volumes: String, devices: String = "{}", objects: String = "", owner: SecurityLabel? = nil,
        hostname: String = ""
    ) throws -> DiskPreparer {
        var reader = ManifestReader()
        let text = """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: web.one, namespace: shop, uid: 5d307ca9-b3ef-428c-8861-06e72d69f223}
            spec: {domain: {memory: {guest: 64Mi}, devices: \(devices)}, volumes: [\(volumes)]\(hostname)}
            """
        reader.read(text + (objects.isEmpty ? "" : "\n---\n\(objects)\n"), file: "a.yaml")
        try #require(!reader.hasErrors, "\(reader.issues.map { "\($0.issue)" })")
        let instance = try #require(reader.manifest.instances.first)
        return DiskPreparer(
            instance: instance, objects: reader.manifest, store: try ImageStore(folder: path.appending("images")),
            registry: RegistryOptions(),
            folder: path.appending("vm"), claims: path.appending("claims"), owner: owner)
    }

    /// The one disk of a VMI with this volume.
    func disk(_ volume: String, devices: String = "{}", objects: String = "", owner: SecurityLabel? = nil) async throws
        -> PreparedDisk
    {
        let preparer = try preparer(volumes: volume, devices: devices, objects: objects, owner: owner)
        return try #require(try await preparer.disks(PreparedImages()).values.first)
    }

    /// The files of a medium, by their paths.
    func files(on medium: String) async throws -> [String: String] {
        let target = path.appending("out-\(UInt64.random(in: .min ... .max))")
        let result = try await run(
            .name("xorriso"), arguments: ["-osirrox", "on", "-indev", medium, "-extract", "/", target.string],
            output: .discarded,
            error: .string(limit: 1 << 16))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: target.string) {
            guard let data = FileManager.default.contents(atPath: target.appending(FilePath(name).components).string)
            else { continue }
            files[name] = String(decoding: data, as: UTF8.self)
        }
        return files
    }
}

/// The text of the error that `body` throws.
func problem(_ body: () async throws -> some Sendable) async -> String {
    do {
        return "no error, but \(try await body())"
    } catch {
        return "\(error)"
    }
}
