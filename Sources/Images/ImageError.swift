package import SystemPackage

/// Why an image cannot be had. Each case carries what its sentence names: the image, the reason and the remedy.
package enum ImageError: Error, Codable, Hashable, Sendable {
    // The name and the store.
    case invalidReference(String, String)
    case notInStore(image: String)
    case noSuchImage(name: String)
    case importRefused(path: String, reason: String)
    case recordUnreadable(path: String, reason: String)
    case blobMissing(image: String, path: String)

    // The registry.
    case credentialsUnreadable(image: String)
    case notInRegistry(image: String, registry: String)
    case accessDenied(image: String, registry: String)
    case registryUnreachable(image: String, registry: String, reason: String)
    case certificateNotTrusted(image: String, registry: String, reason: String)
    case plainHTTP(image: String, registry: String)
    case noImageForPlatform(image: String, platform: String)
    case manifestUnreadable(image: String, reason: String)
    case wrongDigest(image: String, reason: String)
    case skopeoMissing(program: String)
    case skopeoFailed(image: String, reason: String)
    case cancelled(image: String)
    /// The helper that unpacks ended without an answer.
    case unpackingFailed(image: String, reason: String)

    // What is inside.
    case layerUnreadable(image: String, layer: String, reason: String)
    case entryRefused(image: String, path: String, reason: String)
    case linkOutOfFolder(image: String, path: String, target: String)
    case linkToNothing(image: String, path: String, target: String)
    case notARegularFile(image: String, path: String, kind: String)
    case noDisk(image: String)
    case severalDisks(image: String, paths: [String])
    case noSuchFile(image: String, path: String)
    case formatRefused(image: String, path: String, format: String)
    case qcow2Refused(image: String, path: String, fault: QCOW2Fault)
    case limitExceeded(image: String, limit: ImageLimit, found: Int64, allowed: Int64)

    // The host.
    case filesystemFull(image: String, folder: String, neededBytes: Int64, freeBytes: Int64)
    case fileOperation(operation: String, path: String, errno: Errno)
    case mediumRefused(path: String, reason: String)
    case mediumUnwritten(path: String, reason: String)
    case archiveUnwritten(path: String, reason: String)
}

extension ImageError: CustomStringConvertible {
    /// One sentence; never the text of another error that is printed beside it.
    package var description: String { storeText ?? registryText ?? contentText ?? hostText }

    private var storeText: String? {
        switch self {
        case .invalidReference(let name, let reason):
            "'\(name.count > 200 ? "\(name.prefix(200))…" : name)' is no image name: \(reason)"
        case .notInStore(let image):
            "image '\(image)' is not on this node and its pull policy is Never: pull or import it first"
        case .noSuchImage(let name):
            "no image '\(name)' is on this node: 'virt-node image ls' lists what is"
        case .importRefused(let path, let reason):
            "'\(path)' cannot be imported: \(reason)"
        case .recordUnreadable(let path, let reason):
            "the image record \(path) cannot be read (\(reason)): remove this file and pull or import the image again"
        case .blobMissing(let image, let path):
            "image '\(image)' has lost its file \(path): remove the image and pull or import it again"
        default: nil
        }
    }

    private var registryText: String? {
        switch self {
        case .credentialsUnreadable(let image):
            "the credentials for image '\(image)' are no docker configuration: write {\"auths\": {\"REGISTRY\": {\"auth\": …}}}"
        case .notInRegistry(let image, let registry):
            "image '\(image)' is not in \(registry): check its name and tag"
        case .accessDenied(let image, let registry):
            "\(registry) does not let image '\(image)' be read: check the credentials, and the name, since many registries"
                + " answer so for what does not exist"
        case .registryUnreachable(let image, let registry, let reason):
            "\(registry) cannot be reached for image '\(image)' (\(reason)): check the network, or use the pull policy"
                + " IfNotPresent where the image is on this node"
        case .certificateNotTrusted(let image, let registry, let reason):
            "the certificate of \(registry) is not trusted for image '\(image)' (\(reason)): give its authority by a"
                + " certificate folder"
        case .plainHTTP(let image, let registry):
            "\(registry) speaks plain HTTP for image '\(image)': allow it with --no-tls-verify if you trust the network"
        case .noImageForPlatform(let image, let platform):
            "image '\(image)' has nothing for \(platform): push one for this platform"
        case .manifestUnreadable(let image, let reason):
            "the manifest of image '\(image)' cannot be used: \(reason)"
        case .wrongDigest(let image, let reason):
            "image '\(image)' is not what its digest promises (\(reason)): it was changed on its way or in the registry,"
                + " push it again"
        case .skopeoMissing(let program):
            "the program '\(program)' is not installed: install the package skopeo"
        case .skopeoFailed(let image, let reason):
            "skopeo could not copy image '\(image)': \(reason)"
        case .unpackingFailed(let image, let reason):
            "the layers of image '\(image)' could not be unpacked: \(reason)"
        case .cancelled(let image):
            "the pull of image '\(image)' was cancelled: ask again to repeat it"
        default: nil
        }
    }

    private var contentText: String? {
        switch self {
        case .layerUnreadable(let image, let layer, let reason):
            "layer \(layer) of image '\(image)' cannot be read (\(reason)): build it as a tar file, plain or packed by gzip"
                + " or zstd"
        case .entryRefused(let image, let path, let reason):
            "image '\(image)' is refused for its entry '\(path)': \(reason)"
        case .linkOutOfFolder(let image, let path, let target):
            "'\(path)' in image '\(image)' is a link out of its folder, to '\(target)': put the file itself there"
        case .linkToNothing(let image, let path, let target):
            "'\(path)' in image '\(image)' is a link to '\(target)', which leads to no file: put the file itself there"
        case .notARegularFile(let image, let path, let kind):
            "'\(path)' in image '\(image)' is a \(kind), not a regular file: put the file itself there"
        case .noDisk(let image):
            "image '\(image)' holds no file under /disk: put the disk there, or name it by 'path'"
        case .severalDisks(let image, let paths):
            "image '\(image)' holds \(paths.count) files under /disk (\(paths.prefix(8).joined(separator: ", "))): name one by 'path'"
        case .noSuchFile(let image, let path):
            "image '\(image)' holds no file '\(path)': check the path, which starts at the image's root"
        case .formatRefused(let image, let path, let format):
            "'\(path)' in image '\(image)' has the format \(format), and only raw and qcow2 are allowed: convert it with"
                + " 'qemu-img convert -O qcow2'"
        case .qcow2Refused(let image, let path, let fault):
            "the qcow2 file '\(path)' in image '\(image)' \(fault)"
        case .limitExceeded(let image, let limit, let found, let allowed):
            "image '\(image)' has too much: \(limit.rawValue) \(found), allowed are \(allowed): make the image smaller or"
                + " raise the limit"
        default: nil
        }
    }

    private var hostText: String {
        switch self {
        case .filesystemFull(let image, let folder, let needed, let free):
            "image '\(image)' needs \(needed) bytes in \(folder), where \(free) may be used: free some, for instance with"
                + " 'virt-node image prune'"
        case .fileOperation(let operation, let path, let errno):
            "\(operation) failed for \(path) (\(errno)): check the folder's permissions and space"
        case .mediumRefused(let path, let reason):
            "a medium cannot hold the file '\(path)': \(reason)"
        case .mediumUnwritten(let path, let reason):
            "the medium \(path) could not be written: \(reason)"
        case .archiveUnwritten(let path, let reason):
            "the archive \(path) could not be written: \(reason)"
        default: "the image cannot be used"
        }
    }
}
