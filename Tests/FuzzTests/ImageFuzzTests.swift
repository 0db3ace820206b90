import FoundationEssentials
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Images

/// Images that anybody may push: manifests, layers and names.
@Suite struct ImageFuzzTests {
    private static var limits: ImageLimits {
        var limits = ImageLimits()
        limits.manifestBytes = 64 << 10
        limits.entries = 200
        limits.fileBytes = 8 << 20
        limits.storedBytes = 4 << 20
        limits.unpackedBytes = 32 << 20
        limits.ratioFloorBytes = 4 << 20
        limits.ratio = 100
        limits.reserveBytes = 0
        return limits
    }

    private static let digest = "sha256:" + String(repeating: "a0", count: 32)
    private static let manifests = [
        #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"digest":"\#(digest)","size":2},"#
            + #""layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"\#(digest)","size":1024}]}"#,
        #"{"schemaVersion":2,"manifests":[{"digest":"\#(digest)","size":9,"platform":{"os":"linux","architecture":"amd64"}},"#
            + #"{"digest":"\#(digest)","size":9,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}"#,
        #"{"schemaVersion":2,"layers":[{"digest":"\#(digest)","size":9223372036854775807},{"digest":"\#(digest)","size":1}]}"#,
        #"{"schemaVersion":2,"manifests":[{"digest":"sha512:../../etc/passwd","size":-1}]}"#,
    ]

    @Test("a manifest is read within its limits, or refused, and a layout of it leads to no file outside")
    func manifests() async throws {
        let folder = try FuzzFolder()
        try folder.write("blobs/sha256/\(Self.digest.dropFirst(7))", Self.manifests[0].utf8)
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: Self.manifests.map { Array($0.utf8) })
        var log = FuzzLog("OCI manifests")
        for await round in FuzzSettings.rounds(400) {
            let input = mutator.next()
            try folder.write("index.json", input)
            log.run(round, input) {
                var outcome = Outcome.refused
                do throws(ImageError) {
                    switch try OCIManifest(input, image: "evil", limits: Self.limits) {
                    case .image(let layers):
                        let sizes = layers.map(\.size)
                        let isSound = sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) <= Self.limits.downloadBytes
                        outcome = .accepted(isSound ? [] : ["the layers have \(sizes) bytes"])
                    case .index(let manifests):
                        _ = try OCIManifest.choose(manifests, image: "evil")
                        outcome = .accepted()
                    }
                } catch { outcome = .refused(error, mustName: "evil") }
                do throws(ImageError) {
                    let source = LayoutSource(path: folder.path, image: "evil", limits: Self.limits)
                    let (chosen, _) = try source.resolve(Cancellation())
                    outcome.faults.append("\(chosen) is not what the blob holds")
                } catch { outcome.faults += Outcome.refused(error).faults }
                return outcome
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    private static let tars: [[UInt8]] = {
        let disk = QCOW2File().bytes
        return [
            TarFile().folder("disk").file("disk/d.img", rawDisk(3000)).file("other/kernel", rawDisk(700)).ended,
            TarFile().file("disk/d.img", Array(disk.prefix(70_000))).symlink("disk/link", to: "d.img").ended,
            TarFile().file("disk/a", rawDisk(512)).hardLink("disk/b", to: "disk/a").symlink("disk/c", to: "../disk/a")
                .ended,
            TarFile().file("disk/.wh.a").folder("disk/x").device("disk/x/sda").pipe("p").file("z", rawDisk(20)).ended,
            TarFile().paxFile(Array("disk/é.img".utf8), rawDisk(600)).symlink("disk/e", to: "/etc/passwd").ended,
            TarFile().file("disk/.wh..wh..opq").file("disk/n", rawDisk(10)).promise("disk/p", size: 1 << 30).ended,
        ]
    }()

    private static func packed(_ tar: [UInt8], _ program: String) async throws -> [UInt8] {
        let result = try await run(
            .name(program), arguments: ["-c"], input: .array(tar), output: .bytes(limit: 1 << 24), error: .discarded)
        return result.standardOutput
    }

    @Test("layers are unpacked within their limits into their own folder, or refused")
    func layers() async throws {
        var packed: [[UInt8]] = []
        for program in ["gzip", "zstd"] {
            for tar in Self.tars.prefix(3) { packed.append(try await Self.packed(tar, program)) }
            packed.append(try await Self.packed([UInt8](repeating: 0, count: 1 << 20) + Self.tars[0], program))
        }
        var tars = TarMutator(seed: FuzzSettings.seed, donors: Self.tars)
        var bytes = ByteMutator(seed: FuzzSettings.seed, donors: packed + Self.tars)
        var log = FuzzLog("OCI layers")
        for await round in FuzzSettings.rounds(150) {
            let first = bytes.draw(4) == 0 ? bytes.next() : tars.next()
            let second = bytes.draw(3) == 0 ? [tars.next()] : []
            let folder = try FuzzFolder()
            var sources: [LayerSource] = []
            for (index, layer) in ([first] + second).enumerated() {
                let path = try folder.write("layers/\(index)", layer)
                sources.append(LayerSource(digest: .of(layer), path: path, size: Int64(layer.count)))
            }
            try folder.write("scratch/.keep", [])
            log.run(round, first) { Self.outcome(folder, sources) }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "too few are unpacked: \(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    private static func outcome(_ folder: FuzzFolder, _ sources: [LayerSource]) -> Outcome {
        var outcome = Outcome.refused
        let limits = limits
        do throws(ImageError) {
            let unpacker = LayerUnpacker(
                image: "evil", layers: sources, limits: limits, scratch: folder("scratch"),
                cancellation: Cancellation(),
                progress: nil)
            var (tree, captured) = try unpacker.unpack { $0.hasPrefix("disk/") }
            let files = try tree.files(under: "disk")
            let missing = Set(files.map(\.content)).subtracting(captured.keys)
            captured.merge(try unpacker.extract(missing)) { $1 }
            outcome.isAccepted = true
            _ = tree.hasFiles(outside: "disk")
            for file in files {
                guard let content = captured[file.content] else {
                    outcome.faults.append("\(file.path) is listed, and was not taken out")
                    continue
                }
                outcome.faults += try faults(content, file.path, limits)
            }
        } catch { outcome.faults += Outcome.refused(error, mustName: "evil").faults }
        // Nothing but what was taken out lies anywhere.
        let strange = folder.names.filter { name in
            !["layers", "scratch", "scratch/.keep"].contains(name) && !name.hasPrefix("layers/")
                && name.wholeMatch(of: /scratch\/file-\d+-\d+/) == nil
        }
        if !strange.isEmpty { outcome.faults.append("it left \(strange)") }
        return outcome
    }

    private static func faults(
        _ host: FilePath, _ path: String, _ limits: ImageLimits
    ) throws(ImageError) -> [String] {
        let bytes = try FileSystem.read(host, limit: Int(limits.fileBytes) + 1)
        var faults: [String] = []
        do throws(ImageError) {
            let file = try UnpackedFile(host: host, path: path, isLink: false, isDisk: true)
                .prepared(image: "evil", limits: limits, Cancellation())
            let size = file.file.size
            if Int64(bytes.count) != size { faults.append("\(path) has \(bytes.count) bytes, not \(size)") }
            if ImageDigest.of(bytes) != file.file.digest { faults.append("\(path) is not \(file.file.digest)") }
            let seen = file.file.virtualSize ?? 0
            if seen > limits.virtualBytes { faults.append("\(path) has \(seen) bytes") }
        } catch { faults += Outcome.refused(error, mustName: "evil").faults }
        return faults
    }

    @Test("bombs of a hundred million bytes go off nowhere", arguments: ["gzip", "zstd"])
    func bomb(program: String) async throws {
        let zeros = TarFile().file("disk/d.img", [UInt8](repeating: 0, count: 96 << 20)).ended
        let bomb = try await Self.packed(zeros, program)
        #expect(bomb.count < 1 << 20)
        let folder = try FuzzFolder()
        let path = try folder.write("layers/0", bomb)
        try folder.write("scratch/.keep", [])
        let unpacker = LayerUnpacker(
            image: "evil", layers: [LayerSource(digest: .of(bomb), path: path, size: Int64(bomb.count))],
            limits: Self.limits, scratch: folder("scratch"), cancellation: Cancellation(), progress: nil)
        #expect(throws: ImageError.self) { try unpacker.unpack { _ in true } }
        #expect(throws: ImageError.self) { try unpacker.unpack { _ in false } }
    }

    @Test("the name of an image is one, and stays one, whatever is written")
    func names() async {
        let donors = [
            "hello:latest", "docker://quay.io/containerdisks/debian:12", "localhost:5000/a/b@\(Self.digest)",
            "[::1]:5000/x",
            "a__b-c.d/e", "docker.io/library/x:1.2_3-4",
        ]
        var mutator = TextMutator(seed: FuzzSettings.seed, donors: donors)
        var log = FuzzLog("image names")
        for await round in FuzzSettings.rounds(2000) {
            let text = mutator.next()
            log.run(round, text.utf8) {
                do throws(ImageError) {
                    let name = try ImageReference(text)
                    let again = try ImageReference(name.localName)
                    let transport = name.transport(pinnedTo: nil)
                    var faults: [String] = []
                    if again.localName != name.localName {
                        faults.append("it is \(again.localName) when it is read again")
                    }
                    if try ImageReference(name.canonicalName).canonicalName != name.canonicalName {
                        faults.append("\(name.canonicalName) is not canonical")
                    }
                    let isPlain = transport.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                    if !isPlain || transport.contains("..") || transport.contains("//-") {
                        faults.append("skopeo would be given \(transport.debugDescription)")
                    }
                    return .accepted(faults)
                } catch { return .refused(error) }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    @Test("of a tenant's docker configuration only logins reach skopeo")
    func credentials() async throws {
        let reference = try ImageReference("registry.example/x")
        let donors = [
            #"{"auths":{"registry.example":{"auth":"dGVzdGVyOnNlY3JldA=="}},"credHelpers":{"registry.example":"evil"}}"#,
            #"{"registry.example":{"username":"u","password":"p"},"b":{"identitytoken":"t"}}"#,
            #"{"auths":{"a":{}},"credsStore":"evil","HttpHeaders":{"X":"y"}}"#,
        ]
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: donors.map { Array($0.utf8) })
        var log = FuzzLog("registry credentials")
        for await round in FuzzSettings.rounds(600) {
            let input = mutator.next()
            log.run(round, input) {
                do throws(ImageError) {
                    let bytes = try AuthFile.contents(.dockerConfig(input), for: reference)
                    return .accepted(Self.faults(ofLogins: bytes))
                } catch { return .refused(error, mustName: "registry.example") }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    private struct Logins: Decodable {
        var auths: [String: [String: String]]
    }

    private static func faults(ofLogins bytes: [UInt8]) -> [String] {
        struct Top: Decodable {
            struct Key: CodingKey {
                var stringValue: String
                var intValue: Int? { nil }
                init?(stringValue: String) { self.stringValue = stringValue }
                init?(intValue: Int) { nil }
            }
            var names: [String]
            init(from decoder: any Decoder) throws {
                names = try decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue)
            }
        }
        do {
            let names = try JSONDecoder().decode(Top.self, from: Data(bytes)).names
            let members = try JSONDecoder().decode(Logins.self, from: Data(bytes)).auths.values.flatMap(\.keys)
            let strange = names.filter { $0 != "auths" } + members.filter { !["auth", "identitytoken"].contains($0) }
            return strange.isEmpty ? [] : ["skopeo would be given \(strange)"]
        } catch { return ["what is written cannot be read: \(error)"] }
    }

    @Test("a record of the store that is damaged is refused, or counts without an overflow")
    func records() async throws {
        let folder = try FuzzFolder()
        let layout = StoreLayout(folder: folder.path)
        try layout.create()
        let record = #"""
            {"digest":"\#(Self.digest)","files":[{"digest":"\#(Self.digest)","format":"raw","isLink":false,"path":"/disk/d",
            "size":9223372036854775807,"virtualSize":1024}],"layers":[{"digest":"\#(Self.digest)","size":9223372036854775807}],
            "name":"x:latest","schema":1,"source":{"imported":{"path":"/x"}},"stored":"2026-01-31T12:00:00Z"}
            """#
        let small = record.replacing("9223372036854775807", with: "1024")
        var mutator = ByteMutator(
            seed: FuzzSettings.seed, donors: [record, small, small, small].map { Array($0.utf8) })
        var log = FuzzLog("image records")
        for await round in FuzzSettings.rounds(300) {
            let input = mutator.next()
            try folder.write("names/\(layout.record("x:latest").lastComponent?.string ?? "")", input)
            log.run(round, input) {
                do throws(ImageError) {
                    guard let image = try layout.load("x:latest") else { return Outcome(faults: ["it is not there"]) }
                    _ = layout.isComplete(image)
                    let isSound = image.size >= 0 && image.name == "x:latest"
                    return .accepted(isSound ? [] : ["\(image.name) has \(image.size) bytes"])
                } catch { return .refused(error, mustName: folder.path.string) }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }
}
