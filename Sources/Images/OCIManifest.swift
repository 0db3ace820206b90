import FoundationEssentials

/// What one layer or manifest is, and how many bytes it has.
struct OCIDescriptor: Codable, Hashable, Sendable {
    var mediaType: String?
    var digest: ImageDigest
    var size: Int64
    var platform: Platform?

    struct Platform: Codable, Hashable, Sendable {
        var architecture: String
        var os: String
        var variant: String?
    }
}

/// A manifest or an index, of OCI or of docker's second schema.
enum OCIManifest: Sendable {
    case image(layers: [OCIDescriptor])
    case index([OCIDescriptor])

    private struct Wire: Decodable {
        var schemaVersion: Int?
        var layers: [OCIDescriptor]?
        var manifests: [OCIDescriptor]?
    }

    /// Reads the bytes of a manifest of `image`, and refuses what no limit allows.
    init(_ bytes: [UInt8], image: String, limits: ImageLimits) throws(ImageError) {
        guard bytes.count <= limits.manifestBytes else {
            throw .limitExceeded(
                image: image, limit: .manifestBytes, found: Int64(bytes.count), allowed: Int64(limits.manifestBytes))
        }
        let wire: Wire
        do {
            wire = try JSONDecoder().decode(Wire.self, from: Data(bytes))
        } catch {
            throw .manifestUnreadable(image: image, reason: "it is no OCI manifest or names another digest than sha256")
        }
        guard wire.schemaVersion == 2 else {
            throw .manifestUnreadable(image: image, reason: "its schema version is not 2; push the image again")
        }
        if let manifests = wire.manifests {
            self = .index(manifests)
            return
        }
        guard let layers = wire.layers, !layers.isEmpty else {
            throw .manifestUnreadable(image: image, reason: "it names neither layers nor manifests")
        }
        try Self.check(layers, image: image, limits: limits)
        self = .image(layers: layers)
    }

    /// The manifest for this node out of an index.
    static func choose(_ manifests: [OCIDescriptor], image: String) throws(ImageError) -> OCIDescriptor {
        let fitting = manifests.first { $0.platform?.os == "linux" && $0.platform?.architecture == Platform.host }
        // An index of one manifest without a platform, as `skopeo` and `oras` write, means that one.
        guard let chosen = fitting ?? (manifests.count == 1 ? manifests.first { $0.platform == nil } : nil) else {
            throw .noImageForPlatform(image: image, platform: "linux/\(Platform.host)")
        }
        return chosen
    }

    private static func check(_ layers: [OCIDescriptor], image: String, limits: ImageLimits) throws(ImageError) {
        guard layers.count <= limits.layers else {
            throw .limitExceeded(
                image: image, limit: .layers, found: Int64(layers.count), allowed: Int64(limits.layers))
        }
        var total: Int64 = 0
        for layer in layers {
            let (sum, overflow) = total.addingReportingOverflow(layer.size)
            guard layer.size >= 0, !overflow, sum <= limits.downloadBytes else {
                throw .limitExceeded(
                    image: image, limit: .downloadBytes, found: overflow ? .max : sum, allowed: limits.downloadBytes)
            }
            total = sum
        }
    }
}

/// The platform whose images run here, by OCI's names.
enum Platform {
    #if arch(x86_64)
        static let host = "amd64"
    #elseif arch(arm64)
        static let host = "arm64"
    #else
        #error("no OCI name is known for this architecture")
    #endif
}
