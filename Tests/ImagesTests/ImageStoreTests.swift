import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import Images

@Suite struct ImageStoreTests {
    let folder: TemporaryFolder
    let store: ImageStore

    init() throws {
        folder = try TemporaryFolder()
        store = try ImageStore(folder: folder("store"))
    }

    private func imported(_ layers: [TarFile], packing: OCILayout.Packing = .gzip) async throws -> StoredImage {
        let layout = try await OCILayout(folder, layers: layers.map(\.ended), packing: packing)
        return try await store.importLayout(at: layout.folder, name: "local/test")
    }

    /// What is left in the scratch folder.
    private var leftovers: [String] { tree(store.layout.tmp) }

    @Test(
        "a disk comes out of a layer of every packing, read-only and with its format",
        arguments: OCILayout.Packing.allCases)
    func layout(packing: OCILayout.Packing) async throws {
        let disk = QCOW2File(virtualSize: 3 << 20).bytes
        let image = try await imported([TarFile().folder("disk").file("disk/disk.qcow2", disk)], packing: packing)
        let file = try await store.diskFile(of: image)
        #expect(file.format == .qcow2)
        #expect(file.virtualSize == 3 << 20)
        #expect(file.imagePath == "/disk/disk.qcow2")
        #expect(file.digest == ImageDigest.of(disk))
        #expect(try contents(file.path) == disk)
        let status = try Stat(file.path)
        #expect(status.permissions.rawValue == 0o444)
        #expect(image.layers.isEmpty, "a layer is kept although nothing but the disk is in it")
        #expect(leftovers.isEmpty)
    }

    @Test("every folder above a disk may be entered by anybody")
    func traversable() throws {
        var path = store.layout.disks
        while path.starts(with: folder.path), path != folder.path {
            #expect(try Stat(path).permissions.rawValue & 0o1 == 1, "\(path)")
            path = path.removingLastComponent()
        }
        #expect(try Stat(store.layout.tmp).permissions.rawValue == 0o700)
    }

    @Test("zeros become holes, in a file whose content stays the same")
    func sparse() async throws {
        var disk = [UInt8](repeating: 0, count: 8 << 20)
        disk[5_000_000] = 1
        disk[8 << 20 - 1] = 2
        let image = try await imported([TarFile().file("disk/d", disk)])
        let file = try await store.diskFile(of: image)
        #expect(try contents(file.path) == disk)
        #expect(try Stat(file.path).sizeAllocated <= 64 << 10)
    }

    @Test("a later layer's disk is the image's disk")
    func layers() async throws {
        let image = try await imported([
            TarFile().file("disk/old", rawDisk(4096)),
            TarFile().file("disk/.wh.old").file("disk/new", rawDisk(2048, seed: 9)),
        ])
        let file = try await store.diskFile(of: image)
        #expect(file.imagePath == "/disk/new")
        #expect(file.format == .raw)
        #expect(try contents(file.path) == rawDisk(2048, seed: 9))
    }

    @Test("a hard link under /disk to a file elsewhere has that file's content")
    func hardLink() async throws {
        let image = try await imported([
            TarFile().file("images/x", rawDisk(3000)).hardLink("disk/d", to: "images/x")
        ])
        #expect(try contents(try await store.diskFile(of: image).path) == rawDisk(3000))
    }

    @Test("two disks are refused with their names unless a path says which; no disk is refused")
    func severalDisks() async throws {
        let image = try await imported([TarFile().file("disk/a", rawDisk(512)).file("disk/b", rawDisk(1024))])
        await #expect(throws: ImageError.severalDisks(image: "local/test:latest", paths: ["/disk/a", "/disk/b"])) {
            try await store.diskFile(of: image)
        }
        #expect(try await store.diskFile(of: image, path: "/disk/b").size == 1024)
        let none = try await imported([TarFile().file("boot/vmlinuz", [1, 2, 3])])
        await #expect(throws: ImageError.noDisk(image: "local/test:latest")) { try await store.diskFile(of: none) }
    }

    @Test("a kernel is taken out of the kept layers when it is asked for, once")
    func kernel() async throws {
        let image = try await imported([
            TarFile().file("boot/vmlinuz-6", [1, 2, 3]).symlink("boot/vmlinuz", to: "vmlinuz-6"),
            TarFile().file("boot/initrd", [4]).file("images/d.img", QCOW2File().backed(by: "/etc/shadow").bytes),
        ])
        #expect(image.layers.count == 2)
        let kernel = try await store.file(of: image, path: "/boot/vmlinuz")
        #expect(try contents(kernel.path) == [1, 2, 3])
        #expect(kernel.format == .plain)
        #expect(try contents(try await store.file(of: image, path: "boot/initrd").path) == [4])
        let again = try #require(try store.image(ImageReference("local/test")))
        #expect(again.files.map(\.path).sorted() == ["/boot/initrd", "/boot/vmlinuz"])
        // The same file as a disk is judged before anybody opens it.
        await #expect(throws: ImageError.self) { try await store.diskFile(of: image, path: "/images/d.img") }
        await #expect(throws: ImageError.noSuchFile(image: image.name, path: "/boot/none")) {
            try await store.file(of: image, path: "/boot/none")
        }
        #expect(leftovers.isEmpty)
    }

    @Test(
        "an import is found as written, before any registry's name, under every policy",
        arguments: ImagePullPolicy.allCases)
    func importedName(policy: ImagePullPolicy) async throws {
        let disk = try folder.write("hello.img", rawDisk(1000))
        _ = try await store.importDisk(at: disk, name: "hello:latest")
        let image = try await store.pull(ImageReference("hello"), policy: policy)
        #expect(image.name == "hello:latest")
        let file = try await store.diskFile(of: image)
        #expect(file.format == .raw)
        #expect(file.virtualSize == 1024)
        #expect(try store.image(ImageReference("hello:v2")) == nil)
    }

    @Test("a folder becomes an image of its files, with links that stay inside")
    func importFolder() async throws {
        try folder.write("tree/boot/vmlinuz-6", [1])
        try folder.write("tree/boot/initrd", [2, 3])
        try FileManager.default.createSymbolicLink(
            atPath: folder("tree").appending("vmlinuz").string, withDestinationPath: "boot/vmlinuz-6")
        let image = try await store.importFolder(at: folder("tree"), name: "kernel")
        #expect(image.files.map(\.path) == ["/boot/initrd", "/boot/vmlinuz-6", "/vmlinuz"])
        #expect(try contents(try await store.file(of: image, path: "/vmlinuz").path) == [1])
    }

    @Test(
        "a link out of an imported folder is refused", arguments: ["/etc/hostname", "../outside", "boot/../../outside"])
    func importFolderLink(target: String) async throws {
        try folder.write("outside", [1])
        try folder.write("tree/boot/a", [1])
        try FileManager.default.createSymbolicLink(
            atPath: folder("tree").appending("l").string, withDestinationPath: target)
        await #expect(throws: ImageError.self) { try await store.importFolder(at: folder("tree"), name: "kernel") }
        #expect(try store.list().isEmpty)
        #expect(tree(store.layout.disks).isEmpty)
    }

    @Test("an oci-archive is taken in, and refused once a byte of its layer is changed")
    func archive() async throws {
        let layout = try await OCILayout(folder, layers: [TarFile().file("disk/d", rawDisk(9000)).ended])
        var archive = TarFile()
        for name in tree(layout.folder) {
            let path = name.split(separator: "/").reduce(layout.folder) { $0.appending(String($1)) }
            if try Stat(path).type == .regular { archive = archive.file(name, try contents(path)) }
        }
        let path = try folder.write("image.tar", archive.ended)
        let image = try await store.importLayout(at: path, name: "archived")
        #expect(try contents(try await store.diskFile(of: image).path) == rawDisk(9000))
        #expect(leftovers.isEmpty)
    }

    @Test("a list is sorted, a name is removed once, and prune frees what nobody names or uses")
    func removeAndPrune() async throws {
        let disk = try folder.write("a.img", rawDisk(50_000))
        let other = try folder.write("b.img", rawDisk(60_000, seed: 3))
        let first = try await store.importDisk(at: disk, name: "b:1")
        let second = try await store.importDisk(at: other, name: "a:1")
        #expect(try store.list().map(\.name) == ["a:1", "b:1"])
        #expect(try await store.prune() == 0)
        try await store.remove("b:1")
        try await store.remove("a:1")
        await #expect(throws: ImageError.noSuchImage(name: "a:1")) { try await store.remove("a:1") }
        #expect(try await store.prune(inUse: [second.files[0].digest]) > 49_000)
        #expect(tree(store.layout.disks) == [second.files[0].digest.hex])
        #expect(tree(store.layout.locks) == ["store.lock"])
        await #expect(throws: ImageError.self) { try await store.diskFile(of: first) }
    }

    @Test("prune keeps a blob that a process has open")
    func pruneKeepsOpen() async throws {
        let image = try await store.importDisk(at: folder.write("a.img", rawDisk(5000)), name: "a")
        let descriptor = try FileDescriptor.open(try await store.diskFile(of: image).path, .readOnly)
        try await store.remove("a")
        #expect(try await store.prune() == 0)
        try descriptor.close()
        #expect(try await store.prune() > 0)
    }

    @Test("prune removes nothing while a record cannot be read")
    func pruneWithDamage() async throws {
        let image = try await store.importDisk(at: folder.write("a.img", rawDisk(5000)), name: "a")
        try folder.write("store/names/\(String(repeating: "0", count: 64)).json", Array("{".utf8))
        await #expect(throws: ImageError.self) { try await store.prune() }
        #expect(tree(store.layout.disks) == [image.files[0].digest.hex])
    }

    @Test("what a killed process left is removed by the next store, what a living one has is not")
    func sweep() throws {
        try folder.write("store/tmp/1-dead/download/blob", rawDisk(100))
        try folder.write("store/tmp/1-dead.lock", [])
        try folder.write("store/tmp/2-orphan/x", [1])
        let living = try ScratchFolder(in: store.layout.tmp)
        _ = try ImageStore(folder: store.folder)
        #expect(
            tree(store.layout.tmp) == [
                living.path.lastComponent?.string, (living.path.lastComponent?.string ?? "") + ".lock",
            ])
        living.remove()
        #expect(leftovers.isEmpty)
    }

    @Test("many imports of the same name and content at once leave one record and one blob")
    func concurrentImports() async throws {
        let disk = try folder.write("a.img", rawDisk(200_000))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<12 {
                group.addTask {
                    let store = try ImageStore(folder: store.folder)
                    let image = try await store.importDisk(at: disk, name: "a:\(index % 3)")
                    _ = try await store.diskFile(of: image)
                }
                group.addTask { try await ImageStore(folder: store.folder).prune() }
            }
            try await group.waitForAll()
        }
        #expect(try store.list().map(\.name) == ["a:0", "a:1", "a:2"])
        #expect(try store.list().allSatisfy { store.layout.isComplete($0) })
        #expect(tree(store.layout.disks).count == 1)
        #expect(leftovers.isEmpty)
    }

    @Test("an image whose blob was lost counts as absent")
    func lostBlob() async throws {
        let image = try await store.importDisk(at: folder.write("a.img", rawDisk(5000)), name: "a")
        try FileManager.default.removeItem(atPath: store.layout.disk(image.files[0].digest).string)
        #expect(try store.image(ImageReference("a")) == nil)
        await #expect(throws: ImageError.notInStore(image: "a")) {
            try await store.pull(ImageReference("a"), policy: .never)
        }
    }
}
