import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

@testable import Images

/// Images that nobody honest makes. Each is refused with its reason, and leaves nothing behind.
@Suite struct HostileImageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(
        _ layers: [TarFile], limits: ImageLimits = ImageLimits(), packing: OCILayout.Packing = .gzip, ended: Bool = true
    ) async throws -> ImageError? {
        let layout = try await OCILayout(folder, layers: layers.map { ended ? $0.ended : $0.bytes }, packing: packing)
        let store = try ImageStore(folder: folder("store"), limits: limits)
        defer {
            #expect(tree(store.layout.tmp).isEmpty)
            #expect(tree(store.layout.disks).isEmpty)
            #expect(tree(store.layout.names).isEmpty)
        }
        do throws(ImageError) {
            _ = try await store.importLayout(at: layout.folder, name: "evil")
            return nil
        } catch {
            return error
        }
    }

    @Test("a qcow2 file that names a backing file")
    func backingFile() async throws {
        let file = QCOW2File().backed(by: "/etc/shadow").bytes
        #expect(
            try await refusal([TarFile().file("disk/d.img", file)])
                == .qcow2Refused(image: "evil:latest", path: "/disk/d.img", fault: .backingFile("/etc/shadow")))
    }

    @Test("a qcow2 file that keeps its data in another file")
    func externalData() async throws {
        let file = QCOW2File().with { $0.set(72, long: 4) }.bytes
        #expect(
            try await refusal([TarFile().file("disk/d.img", file)])
                == .qcow2Refused(image: "evil:latest", path: "/disk/d.img", fault: .externalData))
    }

    @Test("a second disk is judged like the first")
    func secondDisk() async throws {
        let file = QCOW2File().backed(by: "x").bytes
        #expect(try await refusal([TarFile().file("disk/a", rawDisk(512)).file("disk/b", file)]) != nil)
    }

    @Test("a vmdk descriptor, which names files of the node")
    func vmdk() async throws {
        let text = Array("# Disk DescriptorFile\nversion=1\nRW 1 FLAT \"/etc/shadow\" 0\n".utf8)
        #expect(
            try await refusal([TarFile().file("disk/d", text)])
                == .formatRefused(image: "evil:latest", path: "/disk/d", format: "vmdk"))
    }

    @Test("a symbolic link out of its folder", arguments: ["/etc/shadow", "../../../../etc/shadow"])
    func link(target: String) async throws {
        #expect(
            try await refusal([TarFile().symlink("disk/d", to: target)])
                == .linkOutOfFolder(image: "evil:latest", path: "/disk/d", target: target))
    }

    @Test("a hard link out of the image")
    func hardLink() async throws {
        #expect(
            try await refusal([TarFile().hardLink("disk/d", to: "../../etc/shadow")])
                == .linkOutOfFolder(image: "evil:latest", path: "/disk/d", target: "../../etc/shadow"))
    }

    @Test("names that leave the image", arguments: ["../evil", "disk/../../evil", "/etc/cron.d/evil"])
    func names(name: String) async throws {
        guard case .entryRefused(_, name, _) = try await refusal([TarFile().file(name, [1])]) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("devices and pipes under /disk")
    func special() async throws {
        #expect(
            try await refusal([TarFile().device("disk/sda")])
                == .notARegularFile(image: "evil:latest", path: "/disk/sda", kind: "device node"))
        #expect(
            try await refusal([TarFile().pipe("disk/p")])
                == .notARegularFile(image: "evil:latest", path: "/disk/p", kind: "named pipe"))
    }

    @Test("a NUL in a name hides nothing: what follows it is no part of the name")
    func nul() async throws {
        let file = QCOW2File().backed(by: "x").bytes
        let error = try await refusal([TarFile().paxFile(Array("disk/d\0/../../../x".utf8), file)])
        #expect(error != nil)
    }

    @Test("a file that unpacks without end, by its apparent size")
    func apparent() async throws {
        var limits = ImageLimits()
        limits.fileBytes = 1 << 20
        let zeros = [UInt8](repeating: 0, count: 2 << 20)
        #expect(
            try await refusal([TarFile().file("disk/d", zeros)], limits: limits)
                == .limitExceeded(image: "evil:latest", limit: .fileBytes, found: 2 << 20, allowed: 1 << 20))
    }

    @Test("files that store too much together")
    func stored() async throws {
        var limits = ImageLimits()
        limits.storedBytes = 100_000
        let error = try await refusal(
            [TarFile().file("disk/a", rawDisk(60_000)).file("disk/b", rawDisk(60_000, seed: 2))], limits: limits)
        guard case .limitExceeded(_, .storedBytes, _, 100_000) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "zeros that are packed too well, in a file that is wanted and in one that is passed over",
        arguments: ["disk/d", "other"])
    func ratio(name: String) async throws {
        var limits = ImageLimits()
        limits.ratioFloorBytes = 1 << 20
        limits.ratio = 100
        let zeros = [UInt8](repeating: 0, count: 8 << 20)
        let error = try await refusal([TarFile().file(name, zeros)], limits: limits, packing: .zstd)
        guard case .limitExceeded(_, .ratio, _, 100) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("more bytes out of the layers than allowed, though none is kept")
    func unpacked() async throws {
        var limits = ImageLimits()
        limits.unpackedBytes = 1 << 20
        let error = try await refusal([TarFile().file("x", rawDisk(2 << 20))], limits: limits)
        guard case .limitExceeded(_, .unpackedBytes, _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("more entries than allowed")
    func entries() async throws {
        var limits = ImageLimits()
        limits.entries = 10
        let tar = (0..<11).reduce(TarFile()) { tar, index in tar.folder("d\(index)") }
        #expect(
            try await refusal([tar], limits: limits)
                == .limitExceeded(image: "evil:latest", limit: .entries, found: 11, allowed: 10))
    }

    @Test("more layers than allowed")
    func layers() async throws {
        var limits = ImageLimits()
        limits.layers = 1
        #expect(
            try await refusal([TarFile().folder("a"), TarFile().folder("b")], limits: limits)
                == .limitExceeded(image: "evil:latest", limit: .layers, found: 2, allowed: 1))
    }

    @Test("a store that would be filled to the brim")
    func space() async throws {
        var limits = ImageLimits()
        limits.reserveBytes = 1 << 60
        guard case .filesystemFull = try await refusal([TarFile().file("disk/d", rawDisk(512))], limits: limits) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("a layer that ends before its file does, and one that is no tar file")
    func truncated() async throws {
        guard case .layerUnreadable = try await refusal([TarFile().promise("disk/d", size: 1 << 40)], ended: false),
            case .layerUnreadable = try await refusal(
                [TarFile().file("x", [1]).promise("disk/d", size: 4096)], ended: false)
        else {
            Issue.record("not refused")
            return
        }
        let layout = try await OCILayout(folder, "junk", layers: [rawDisk(5000)])
        let store = try ImageStore(folder: folder("store"))
        await #expect(throws: ImageError.self) { try await store.importLayout(at: layout.folder, name: "evil") }
    }

    @Test("a promised size that is more than the limit is refused before a byte is read")
    func promised() async throws {
        let error = try await refusal([TarFile().promise("disk/d", size: 1 << 42)], limits: ImageLimits(), ended: false)
        // ustar holds at most 8 GiB in its octal field; what is cut there ends as a truncated layer.
        #expect(error != nil)
    }

    @Test("a layout whose layer or manifest is not what its digest says")
    func wrongDigest() async throws {
        let layer = try await OCILayout(folder, "l1", layers: [TarFile().file("disk/d", rawDisk(4096)).ended])
        let store = try ImageStore(folder: folder("store"))
        var bytes = try contents(layer.blob(layer.layers[0]))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: layer.blob(layer.layers[0]).string))
        do throws(ImageError) {
            _ = try await store.importLayout(at: layer.folder, name: "evil")
            Issue.record("a changed layer was taken")
        } catch {
            guard case .wrongDigest = error else { throw error }
        }
        let manifest = try await OCILayout(folder, "l2", layers: [TarFile().file("disk/d", rawDisk(4096)).ended])
        let spaced = try contents(manifest.blob(manifest.manifest)) + [32]
        try Data(spaced).write(to: URL(filePath: manifest.blob(manifest.manifest).string))
        do throws(ImageError) {
            _ = try await store.importLayout(at: manifest.folder, name: "evil")
            Issue.record("a changed manifest was taken")
        } catch {
            guard case .wrongDigest = error else { throw error }
        }
        #expect(tree(store.layout.tmp).isEmpty)
        #expect(tree(store.layout.disks).isEmpty)
    }

    @Test("an image for another architecture in an index")
    func platform() throws {
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let text =
            #"{"schemaVersion":2,"manifests":[{"digest":"\#(digest)","size":1,"platform":{"os":"linux","architecture":"s390x"}}]}"#
        guard case .index(let list) = try OCIManifest(Array(text.utf8), image: "i", limits: ImageLimits()) else {
            Issue.record("no index")
            return
        }
        #expect(throws: ImageError.noImageForPlatform(image: "i", platform: "linux/\(Platform.host)")) {
            try OCIManifest.choose(list, image: "i")
        }
    }

    @Test("a manifest whose sizes are negative or overflow", arguments: ["-1", "9223372036854775807"])
    func sizes(size: String) {
        let digest = "sha256:" + String(repeating: "0", count: 64)
        let layer = #"{"digest":"\#(digest)","size":\#(size)}"#
        let text = #"{"schemaVersion":2,"layers":[\#(layer),\#(layer)]}"#
        #expect(throws: ImageError.self) { try OCIManifest(Array(text.utf8), image: "i", limits: ImageLimits()) }
    }
}
