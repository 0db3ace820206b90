import DomainModel
import DomainPlan
import FoundationEssentials
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Disks

@Suite struct HostDiskTests {
    let bench: DiskBench
    /// A user that owns nothing.
    private let stranger = SecurityLabel(uid: 4_000_000, gid: 4_000_000)

    init() throws { bench = try DiskBench() }

    private func volume(_ name: String, _ options: String = "type: Disk") -> String {
        "{name: host, hostDisk: {path: '\(bench("data/\(name)"))', \(options)}}"
    }

    @Test("a file is used in place, with its size")
    func inPlace() async throws {
        try bench.write("data/x.img", Array(repeating: 7, count: 4096))
        let disk = try await bench.disk(volume("x.img"))
        #expect(disk.source.path == bench("data/x.img").string && disk.source.format == .raw && disk.capacity == 4096)
        #expect(!disk.source.isBlockDevice && disk.isPreallocated)
    }

    @Test("a disk that is absent is told with what to do")
    func absent() async {
        let path = bench("data/x.img").string
        #expect(
            await problem { try await bench.disk(volume("x.img")) }
                == "volume host: hostDisk.path \(path) does not exist: make it, or write type: DiskOrCreate with a capacity"
        )
    }

    @Test("DiskOrCreate makes a sparse file of exactly the capacity, once")
    func create() async throws {
        let made = try await bench.disk(volume("new.img", "type: DiskOrCreate, capacity: 10Mi"))
        #expect(made.capacity == 10 << 20 && !made.isPreallocated)
        try bench.write("data/new.img", [1, 2, 3])
        let found = try await bench.disk(volume("new.img", "type: DiskOrCreate, capacity: 10Mi"))
        #expect(found.capacity == 3)
    }

    @Test("a disk that the filesystem has no room for is told with both figures")
    func noSpace() async {
        let text = await problem { try await bench.disk(volume("big.img", "type: DiskOrCreate, capacity: 1Pi")) }
        #expect(text.contains("needs 1073741824 MiB, and its filesystem has "), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: bench("data/big.img").string))
    }

    @Test("what is no file is refused, and links are not followed")
    func kinds() async throws {
        try bench.write("data/real.img", [1])
        try FileManager.default.createSymbolicLink(
            atPath: bench("data/link.img").string, withDestinationPath: bench("data/real.img").string)
        try FileManager.default.createSymbolicLink(
            atPath: bench("data/dangling").string, withDestinationPath: "/nowhere")
        try FileManager.default.createDirectory(atPath: bench("data/folder").string, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: bench("data/linked").string, withDestinationPath: bench("data/folder").string)
        func attempt(_ name: String) async throws {
            _ = try await bench.disk(volume(name, "type: DiskOrCreate, capacity: 1Mi"))
        }
        let text = await problem { try await attempt("folder") }
        #expect(
            text
                == "volume host: \(bench("data/folder")) is neither a regular file nor a block device (links are not followed)"
        )
        for name in ["link.img", "dangling", "linked/real.img", "linked/new.img"] {
            let error = await #expect(throws: DiskError.self) { try await attempt(name) }
            guard case .confined("host", .escapes(let path, "/")) = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
            #expect(path == bench("data/\(name)").string)
        }
        #expect(!FileManager.default.fileExists(atPath: bench("data/folder/new.img").string))
    }

    @Test("a file that QEMU's user cannot open is refused with owner and remedy")
    func noAccess() async throws {
        try bench.write("data/x.img", [1], permissions: 0o600)
        let path = bench("data/x.img").string
        let text = await problem { try await bench.disk(volume("x.img"), owner: stranger) }
        #expect(
            text.hasPrefix(
                "volume host: QEMU runs as user 4000000 and cannot open \(path), since the file belongs to user "),
            "\(text)")
        #expect(text.hasSuffix(": chown 4000000 \(path)"), "\(text)")
    }

    @Test("a folder that QEMU's user cannot enter is refused by its name")
    func noEntry() async throws {
        try bench.write("data/closed/x.img", [1], permissions: 0o666)
        let folder = bench("data/closed").string
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        let text = await problem { try await bench.disk(volume("closed/x.img"), owner: stranger) }
        #expect(text.hasSuffix("since it may not enter \(folder): chmod o+x \(folder), or move the file"), "\(text)")
    }

    @Test(
        "a disk that is only read needs only reading",
        arguments: [
            ("{disks: [{name: host, disk: {bus: virtio, readonly: true}}]}", 0o644, true),
            ("{disks: [{name: host, cdrom: {}}]}", 0o644, true), ("{}", 0o644, false), ("{}", 0o666, true),
        ])
    func reading(devices: String, permissions: Int, isTaken: Bool) async throws {
        try bench.write("data/x.img", [1], permissions: permissions)
        let text = await problem { try await bench.disk(volume("x.img"), devices: devices, owner: stranger).capacity }
        #expect(text == "no error, but 1" ? isTaken : !isTaken, "\(text)")
    }

    @Test(
        "a disk that matches its volume shows the filesystem's blocks, on SATA below sectors of 512 bytes",
        arguments: [
            ("blockSize: {matchVolume: {}}, disk: {bus: virtio}", nil),
            ("blockSize: {matchVolume: {}}, disk: {bus: sata}", 512),
        ] as [(String, Int64?)])
    func matchVolume(disk: String, logical: Int64?) async throws {
        try bench.write("data/x.img", Array(repeating: 7, count: 8192))
        var space = statvfs()
        try #require(statvfs(bench("data/x.img").string, &space) == 0)
        let size = Int64(space.f_bsize)
        let prepared = try await bench.disk(volume("x.img"), devices: "{disks: [{name: host, \(disk)}]}")
        #expect(prepared.blockIO == BlockIO(logicalBlockSize: logical ?? size, physicalBlockSize: size))
    }

    @Test(
        "other disks do not tell their blocks",
        arguments: [
            "{}", "{disks: [{name: host, disk: {}}]}",
            "{disks: [{name: host, blockSize: {matchVolume: {enabled: false}}}]}",
        ])
    func noMatch(devices: String) async throws {
        try bench.write("data/x.img", [1])
        #expect(try await bench.disk(volume("x.img"), devices: devices).blockIO == nil)
    }

    @Test("an overlay tells the blocks of the filesystem that it lies on")
    func overlayBlocks() async throws {
        let disk = try await bench.disk(
            "{name: tmp, emptyDisk: {capacity: 1Mi}}",
            devices: "{disks: [{name: tmp, disk: {bus: virtio}, blockSize: {matchVolume: {}}}]}")
        #expect(disk.blockIO?.logicalBlockSize == disk.blockIO?.physicalBlockSize)
        #expect(disk.blockIO != nil)
    }

    @Test("a file that is absent has no blocks to tell")
    func noBlocks() { #expect(HostFile.blockSizes(bench("data/none")) == nil) }

    @Test("a volume that nothing makes ready here is told with its kind")
    func notPrepared() async {
        let text = await problem { try await bench.disk("{name: dv, dataVolume: {name: x}}") }
        #expect(
            text
                == "volume dv: dataVolume cannot be made ready here: use a containerDisk, a hostDisk or a persistentVolumeClaim"
        )
    }

    @Test("a claim is a file below the claims of its namespace")
    func claim() async throws {
        let volume = "{name: pvc, persistentVolumeClaim: {claimName: data, readOnly: true}}"
        let devices = "{disks: [{name: pvc, disk: {bus: virtio}}]}"
        let path = bench("claims/shop/data/disk.img").string
        #expect(
            await problem { try await bench.disk(volume, devices: devices) }
                == "volume pvc: claim \"data\" has no disk: put its raw image at \(path)")
        try bench.write("claims/shop/data/disk.img", Array(repeating: 0, count: 512))
        let disk = try await bench.disk(volume, devices: devices)
        #expect(disk.source.path == path && disk.isReadOnly && disk.capacity == 512)
    }

    @Test(
        "a claim that must not be written is no SATA disk, which always is",
        arguments: [("disk: {}", false), ("disk: {bus: scsi}", true), ("cdrom: {bus: sata}", true)])
    func readOnlyClaim(disk: String, isTaken: Bool) async throws {
        try bench.write("claims/shop/data/disk.img", [1])
        let text = await problem {
            try await bench.disk(
                "{name: pvc, persistentVolumeClaim: {claimName: data, readOnly: true}}",
                devices: "{disks: [{name: pvc, \(disk)}]}"
            ).capacity
        }
        let refusal =
            "volume pvc: its claim is read-only, and a SATA disk is not: write bus: virtio, scsi or usb, or use cdrom"
        #expect(text == (isTaken ? "no error, but 1" : refusal))
    }
}
