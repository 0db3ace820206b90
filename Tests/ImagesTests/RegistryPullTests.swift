import FoundationEssentials
import Subprocess
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Images

/// Pulls from a real registry on the loopback interface.
@Suite struct RegistryPullTests {
    let folder: TemporaryFolder
    let store: ImageStore
    let plain = RegistryOptions(tlsVerify: false)

    init() throws {
        folder = try TemporaryFolder()
        store = try ImageStore(folder: folder("store"))
    }

    private func layout(_ name: String, _ disk: [UInt8], packing: OCILayout.Packing = .gzip) async throws -> OCILayout {
        try await OCILayout(folder, name, layers: [TarFile().file("disk/d", disk).ended], packing: packing)
    }

    private func error(_ body: () async throws(ImageError) -> StoredImage) async -> ImageError? {
        do throws(ImageError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("a pull brings the disk, and tells of its progress")
    func pull() async throws {
        try await Registry.with(folder) { registry in
            let disk = rawDisk(3 << 20)
            let reference = try await registry.push(layout("a", disk, packing: .none), "a/disk:1")
            let heard = Mutex<[ImageProgress]>([])
            let image = try await store.pull(reference, policy: .always, options: plain) { progress in
                heard.withLock { $0.append(progress) }
            }
            #expect(image.source == .registry(name: reference.canonicalName))
            #expect(try contents(try await store.diskFile(of: image).path) == disk)
            #expect(tree(store.layout.tmp).isEmpty)
            let phases = heard.withLock { $0.map(\.phase) }
            #expect(phases.first == .resolving)
            #expect(phases.contains(.downloading) && phases.contains(.extracting))
            let last = heard.withLock { $0.last { $0.phase == .downloading } }
            #expect(last?.completedBytes == last?.totalBytes && (last?.totalBytes ?? 0) > 3 << 20)
        }
    }

    @Test("Always downloads only what has changed; IfNotPresent and Never ask nobody")
    func policies() async throws {
        try await Registry.with(folder) { registry in
            let reference = try await registry.push(layout("a", rawDisk(1000)), "disk:latest")
            let first = try await store.pull(reference, policy: .ifNotPresent, options: plain)
            let before = try registry.downloads()
            #expect(before > 0)
            #expect(try await store.pull(reference, policy: .always, options: plain) == first)
            #expect(try registry.downloads() == before)
            _ = try await registry.push(layout("b", rawDisk(2000)), "disk:latest")
            #expect(try await store.pull(reference, policy: .ifNotPresent) == first)
            #expect(try await store.pull(reference, policy: .never) == first)
            let second = try await store.pull(reference, policy: .always, options: plain)
            #expect(second.digest != first.digest)
            #expect(try await store.diskFile(of: second).size == 2000)
            #expect(try registry.downloads() > before)
            // The running VM's disk is still there, until it is pruned.
            #expect(try await store.diskFile(of: first).size == 1000)
        }
    }

    @Test("without the registry Always fails, and IfNotPresent works with what is here")
    func offline() async throws {
        let reference = try ImageReference("127.0.0.1:1/disk:1")
        guard
            case .registryUnreachable(_, "127.0.0.1:1", _) = await error({
                () async throws(ImageError) in try await store.pull(reference, policy: .always, options: plain)
            })
        else {
            Issue.record("not unreachable")
            return
        }
        _ = try await store.importDisk(at: folder.write("d", rawDisk(512)), name: "127.0.0.1:1/disk:1")
        _ = try await store.pull(reference, policy: .ifNotPresent)
        #expect(
            await error { () async throws(ImageError) in
                try await store.pull(reference, policy: .always, options: plain)
            } != nil)
    }

    @Test("what the registry does not have is not found; plain HTTP is refused unless allowed")
    func notFound() async throws {
        try await Registry.with(folder) { registry in
            let reference = try await registry.push(layout("a", rawDisk(1000)), "disk:1")
            let none = try ImageReference("\(registry.host)/none:1")
            let tag = try ImageReference("\(registry.host)/disk:2")
            for missing in [none, tag] {
                #expect(
                    await error { () async throws(ImageError) in
                        try await store.pull(missing, policy: .always, options: plain)
                    }
                        == .notInRegistry(image: missing.written, registry: registry.host))
            }
            #expect(
                await error { () async throws(ImageError) in try await store.pull(reference, policy: .always) }
                    == .plainHTTP(image: reference.written, registry: registry.host))
        }
    }

    @Test(
        "a login is asked for and given by user, by docker configuration and by file, and never seen in a command line")
    func login() async throws {
        try await Registry.with(folder, login: true) { registry in
            let reference = try await registry.push(layout("a", rawDisk(1000)), "disk:1")
            let denied = ImageError.accessDenied(image: reference.written, registry: registry.host)
            let wrong = RegistryCredentials.user(name: Registry.user, password: "wrong")
            #expect(
                await error { () async throws(ImageError) in
                    try await store.pull(reference, policy: .always, options: plain)
                } == denied)
            #expect(
                await error { () async throws(ImageError) in
                    try await store.pull(reference, policy: .always, credentials: wrong, options: plain)
                } == denied)
            let right = RegistryCredentials.user(name: Registry.user, password: Registry.password)
            _ = try await store.pull(reference, policy: .always, credentials: right, options: plain)
            let bytes = try AuthFile.contents(right, for: reference)
            _ = try await store.pull(reference, policy: .always, credentials: .dockerConfig(bytes), options: plain)
            let file = try folder.write("auth.json", bytes)
            _ = try await store.pull(
                reference, policy: .always, options: RegistryOptions(tlsVerify: false, authFile: file))
            #expect(tree(store.layout.tmp).isEmpty)
        }
    }

    @Test("a layer that the registry has changed is refused", arguments: [false, true])
    func changedLayer(isGrown: Bool) async throws {
        try await Registry.with(folder) { registry in
            let layout = try await layout("a", rawDisk(100_000), packing: .none)
            let reference = try await registry.push(layout, "disk:1")
            let blob = registry.blob(layout.layers[0])
            var bytes = try contents(blob)
            bytes[600] ^= 1
            if isGrown { bytes += [UInt8](repeating: 1, count: 8 << 20) }
            try Data(bytes).write(to: URL(filePath: blob.string))
            let refusal = await error { () async throws(ImageError) in
                try await store.pull(reference, policy: .always, options: plain)
            }
            switch (refusal, isGrown) {
            case (.wrongDigest, _), (.limitExceeded(_, .downloadBytes, _, _), true): break
            default: Issue.record("\(String(describing: refusal))")
            }
            #expect(tree(store.layout.tmp).isEmpty)
            #expect(tree(store.layout.disks).isEmpty)
        }
    }

    @Test("a manifest that the registry has changed is refused when it is asked for by digest")
    func changedManifest() async throws {
        try await Registry.with(folder) { registry in
            let layout = try await layout("a", rawDisk(1000))
            _ = try await registry.push(layout, "disk:1")
            let pinned = try ImageReference("\(registry.host)/disk@\(layout.manifest)")
            let blob = registry.blob(layout.manifest)
            try Data(contents(blob) + [32]).write(to: URL(filePath: blob.string))
            let refusal = await error { () async throws(ImageError) in
                try await store.pull(pinned, policy: .always, options: plain)
            }
            #expect(refusal != nil)
            #expect(try store.list().isEmpty)
        }
    }

    @Test("a digest pins an image, and one more name for it downloads nothing")
    func pinned() async throws {
        try await Registry.with(folder) { registry in
            let layout = try await layout("a", rawDisk(1000))
            let reference = try await registry.push(layout, "disk:1")
            let first = try await store.pull(reference, policy: .always, options: plain)
            let before = try registry.downloads()
            let pinned = try ImageReference("\(registry.host)/disk:1@\(layout.manifest)")
            let second = try await store.pull(pinned, policy: .always, options: plain)
            #expect(second.digest == layout.manifest && second.files == first.files)
            #expect(try registry.downloads() == before)
            #expect(try store.list().count == 2)
        }
    }

    @Test("many pulls of one image at once download it once")
    func concurrent() async throws {
        try await Registry.with(folder) { registry in
            let reference = try await registry.push(layout("a", rawDisk(1 << 20)), "disk:1")
            try await withThrowingTaskGroup(of: StoredImage.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let store = try ImageStore(folder: store.folder)
                        return try await store.pull(reference, policy: .ifNotPresent, options: plain)
                    }
                }
                var images: Set<StoredImage> = []
                for try await image in group { images.insert(image) }
                #expect(images.count == 1)
            }
            // One layer and one configuration.
            #expect(try registry.downloads() == 2)
        }
    }

    @Test("a cancelled pull ends its skopeo, leaves nothing, and can be repeated")
    func cancelled() async throws {
        // A stand-in that hangs like a slow registry, written by a child: a file that this process has open for writing
        // may be inherited by another test's child, and then cannot be executed.
        let program = folder("skopeo")
        let script =
            "printf '#!/bin/sh\\necho $$ >> \(folder("pids"))\\nexec sleep 1000\\n' > \(program); chmod 755 \(program)"
        let result = try await run(.name("sh"), arguments: ["-c", script], output: .discarded)
        try #require(result.terminationStatus.isSuccess)
        let slow = try ImageStore(folder: folder("store"), skopeo: program.string)
        let task = Task { try await slow.pull(ImageReference("quay.io/a/b:1"), policy: .always) }
        for _ in 0..<1000 where (try? contents(folder("pids")).count > 1) != true {
            try await Task.sleep(for: .milliseconds(10))
        }
        task.cancel()
        await #expect(throws: ImageError.cancelled(image: "quay.io/a/b:1")) { try await task.value }
        let pid = String(decoding: try contents(folder("pids")), as: UTF8.self).filter(\.isNumber)
        #expect((try? Stat(FilePath("/proc/\(pid)"))) == nil)
        #expect(tree(store.layout.tmp).isEmpty)
        #expect(try FileLock.tryAcquire(store.layout.lock("quay.io/a/b:1"), .exclusive) != nil)
    }

    @Test("a missing skopeo is named")
    func missing() async throws {
        let bare = try ImageStore(folder: folder("store"), skopeo: "no-such-skopeo")
        #expect(
            await error { () async throws(ImageError) in try await bare.pull(ImageReference("a"), policy: .always) }
                == .skopeoMissing(program: "no-such-skopeo"))
    }

    @Test("a hostile disk is refused by the pull, and nothing of it stays")
    func hostile() async throws {
        try await Registry.with(folder) { registry in
            let reference = try await registry.push(layout("a", QCOW2File().backed(by: "/etc/shadow").bytes), "disk:1")
            #expect(
                await error { () async throws(ImageError) in
                    try await store.pull(reference, policy: .always, options: plain)
                }
                    == .qcow2Refused(image: reference.written, path: "/disk/d", fault: .backingFile("/etc/shadow")))
            #expect(tree(store.layout.disks).isEmpty && tree(store.layout.names).isEmpty)
        }
    }
}
