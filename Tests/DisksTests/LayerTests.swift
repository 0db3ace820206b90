import DomainModel
import DomainPlan
import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

@testable import Disks

@Suite struct LayerTests {
    let bench: DiskBench

    init() throws { bench = try DiskBench() }

    private struct Info: Decodable {
        var format: String
        var virtualSize: Int64
        var backing: String?

        enum CodingKeys: String, CodingKey {
            case format
            case virtualSize = "virtual-size"
            case backing = "backing-filename"
        }
    }

    private func info(_ path: String) async throws -> Info {
        let result = try await run(
            .name("qemu-img"), arguments: ["info", "--output=json", path], output: .string(limit: 1 << 16),
            error: .discarded)
        return try JSONDecoder().decode(Info.self, from: Data(result.standardOutput.utf8))
    }

    @Test(
        "an empty disk has its capacity rounded down to whole MiB",
        arguments: [
            ("64Mi", 64 << 20), ("1.5Gi", 1536 << 20), ("1048577", 1 << 20), ("3000000", 2 << 20), ("10G", 9536 << 20),
        ] as [(String, Int64)])
    func emptyDisk(capacity: String, bytes: Int64) async throws {
        let disk = try await bench.disk("{name: scratch, emptyDisk: {capacity: \(capacity)}}")
        #expect(disk.capacity == bytes && disk.source.format == .qcow2 && disk.source.backing.isEmpty)
        let info = try await info(disk.source.path)
        #expect(info.format == "qcow2" && info.virtualSize == bytes && info.backing == nil)
    }

    @Test("an ephemeral disk is a layer over the claim, which stays as it was")
    func ephemeral() async throws {
        try bench.write("claims/shop/data/disk.img", Array(repeating: 5, count: 1 << 20))
        let disk = try await bench.disk("{name: layer, ephemeral: {persistentVolumeClaim: {claimName: data}}}")
        let base = bench("claims/shop/data/disk.img").string
        #expect(disk.source.path == bench("vm/layer.qcow2").string)
        #expect(disk.source.backing == [.init(path: base, format: .raw)])
        #expect(disk.capacity == 1 << 20)
        let info = try await info(disk.source.path)
        #expect(info.virtualSize == 1 << 20 && info.backing == base)
        #expect(FileManager.default.contents(atPath: base) == Data(repeating: 5, count: 1 << 20))
    }

    @Test("what is made belongs to QEMU alone")
    func permissions() async throws {
        let preparer = try bench.preparer(
            volumes: "{name: a, emptyDisk: {capacity: 1Mi}}, {name: b, cloudInitNoCloud: {userData: secret}}")
        let disks = try await preparer.disks(PreparedImages())
        #expect(disks.keys.sorted() == ["a", "b"])
        for disk in disks.values {
            #expect(try Stat(FilePath(disk.source.path)).permissions.rawValue == 0o600)
        }
    }

    @Test("one volume that fails is told, whatever the others do")
    func oneFails() async throws {
        let preparer = try bench.preparer(
            volumes: "{name: a, emptyDisk: {capacity: 1Mi}}, {name: b, persistentVolumeClaim: {claimName: none}}")
        let error = await #expect(throws: DiskError.self) { try await preparer.disks(PreparedImages()) }
        #expect(error?.description.hasPrefix("volume b: claim \"none\" has no disk") == true)
    }
}
