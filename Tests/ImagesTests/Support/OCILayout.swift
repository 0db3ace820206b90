import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

@testable import Images

/// Builds an OCI layout folder out of layers.
struct OCILayout {
    let folder: FilePath
    let manifest: ImageDigest
    let layers: [ImageDigest]

    enum Packing: String, CaseIterable {
        case none = "tar", gzip = "tar+gzip", zstd = "tar+zstd"
    }

    init(
        _ temporary: TemporaryFolder, _ name: String = "layout", layers tars: [[UInt8]], packing: Packing = .gzip,
        architecture: String = "amd64"
    ) async throws {
        folder = temporary(name)
        func blob(_ bytes: [UInt8]) throws -> ImageDigest {
            let digest = ImageDigest.of(bytes)
            try temporary.write("\(name)/blobs/sha256/\(digest.hex)", bytes)
            return digest
        }
        var digests: [ImageDigest] = []
        var descriptors: [String] = []
        for tar in tars {
            let packed = try await pack(tar, packing)
            digests.append(try blob(packed))
            descriptors.append(
                #"{"mediaType":"application/vnd.oci.image.layer.v1.\#(packing.rawValue)","digest":"\#(digests[digests.count - 1])","size":\#(packed.count)}"#
            )
        }
        let diffs = tars.map { "\"\(ImageDigest.of($0))\"" }.joined(separator: ",")
        let config = Array(
            #"{"architecture":"\#(architecture)","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[\#(diffs)]}}"#
                .utf8)
        let configDigest = try blob(config)
        let text =
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(configDigest)","size":\#(config.count)},"layers":[\#(descriptors.joined(separator: ","))]}"#
        manifest = try blob(Array(text.utf8))
        layers = digests
        let index =
            #"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(manifest)","size":\#(text.utf8.count)}]}"#
        try temporary.write("\(name)/index.json", Array(index.utf8))
        try temporary.write("\(name)/oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
    }

    func blob(_ digest: ImageDigest) -> FilePath {
        folder.appending("blobs").appending("sha256").appending(digest.hex)
    }
}

func pack(_ bytes: [UInt8], _ packing: OCILayout.Packing) async throws -> [UInt8] {
    guard packing != .none else { return bytes }
    let result = try await run(
        .name(packing == .gzip ? "gzip" : "zstd"), arguments: ["-c"], input: .array(bytes),
        output: .bytes(limit: 1 << 30), error: .discarded)
    try #require(result.terminationStatus.isSuccess)
    return result.standardOutput
}
