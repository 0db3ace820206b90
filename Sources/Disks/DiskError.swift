package import Images
package import Sandbox
package import SystemPackage

/// Why a volume cannot be made ready.
package enum DiskError: Error {
    case image(volume: String, ImageError)
    case objectMissing(volume: String, kind: String, name: String, namespace: String, mayBeOptional: Bool = false)
    case keyMissing(volume: String, kind: String, name: String, keys: [String])
    case credentialMissing(field: String, secret: String, namespace: String)
    case credentialNotText(field: String, secret: String, key: String)
    case credentialEmpty(field: String, secret: String)
    case noPod(volume: String, field: String)
    case fieldUnknown(volume: String, field: String, path: String)
    case notPrepared(volume: String, source: String)
    case notBase64(volume: String, field: String)
    case dataTooLarge(volume: String, bytes: Int, limit: Int)
    case medium(volume: String, ImageError)
    case hostDiskMissing(volume: String, path: String)
    case hostDiskNotAFile(volume: String, path: String)
    case claimMissing(volume: String, claim: String, path: String)
    case readOnlyOnSATA(volume: String)
    case notAccessible(volume: String, path: String, obstacle: String, user: UInt32, remedy: String)
    case confined(volume: String, SandboxError)
    case noSpace(volume: String, path: String, needed: Int64, free: Int64)
    case toolFailed(volume: String, tool: String, problem: String)
    case toolMissing(tool: String, package: String)
    case file(volume: String, path: String, action: String, Errno)
}

extension DiskError {
    /// The error that lies below, whose text says more.
    package var cause: (any Error)? {
        switch self {
        case .image(_, let cause), .medium(_, let cause): cause
        case .confined(_, let cause): cause
        default: nil
        }
    }
}

extension DiskError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .image(let volume, _): "volume \(volume): its image cannot be used"
        case .confined(let volume, _): "volume \(volume): its file may not be used"
        case .objectMissing(let volume, let kind, let name, let namespace, let mayBeOptional):
            "volume \(volume): there is no \(kind) \"\(name)\" in namespace \(namespace): create it\(mayBeOptional ? ", or mark the volume optional" : "")"
        case .keyMissing(let volume, let kind, let name, let keys):
            "volume \(volume): \(kind) \"\(name)\" has none of the keys \(keys.joined(separator: ", ")): add one"
        case .credentialMissing(let field, let secret, let namespace):
            "\(field): there is no Secret \"\(secret)\" in namespace \(namespace): create it, or remove the credential"
        case .credentialNotText(let field, let secret, let key):
            "\(field): key \"\(key)\" of Secret \"\(secret)\" is no text in UTF-8: write public keys, one a line"
        case .credentialEmpty(let field, let secret):
            "\(field): Secret \"\(secret)\" holds no public key: add one, or remove the credential"
        case .noPod(let volume, let field):
            "volume \(volume): \(field): there is no pod whose resources it could name: remove it, or use fieldRef"
        case .fieldUnknown(let volume, let field, let path):
            "volume \(volume): \(field): \"\(path)\" is not known here: write metadata.name, metadata.namespace, metadata.uid, metadata.labels or metadata.annotations, the last two also with ['KEY']"
        case .notPrepared(let volume, let source):
            "volume \(volume): \(source) cannot be made ready here: use a containerDisk, a hostDisk or a persistentVolumeClaim"
        case .notBase64(let volume, let field): "volume \(volume): \(field) is not base64"
        case .dataTooLarge(let volume, let bytes, let limit):
            "volume \(volume): its data are \(bytes) bytes, and the limit is \(limit): keep large data on a disk"
        case .medium(let volume, _): "volume \(volume): its medium cannot be written"
        case .hostDiskMissing(let volume, let path):
            "volume \(volume): hostDisk.path \(path) does not exist: make it, or write type: DiskOrCreate with a capacity"
        case .hostDiskNotAFile(let volume, let path):
            "volume \(volume): \(path) is neither a regular file nor a block device (links are not followed)"
        case .claimMissing(let volume, let claim, let path):
            "volume \(volume): claim \"\(claim)\" has no disk: put its raw image at \(path)"
        case .readOnlyOnSATA(let volume):
            "volume \(volume): its claim is read-only, and a SATA disk is not: write bus: virtio, scsi or usb, or use cdrom"
        case .notAccessible(let volume, let path, let obstacle, let user, let remedy):
            "volume \(volume): QEMU runs as user \(user) and cannot open \(path), since \(obstacle): \(remedy)"
        case .noSpace(let volume, let path, let needed, let free):
            "volume \(volume): \(path) needs \(needed >> 20) MiB, and its filesystem has \(free >> 20) MiB left: free some, or ask for less"
        case .toolFailed(let volume, let tool, let problem): "volume \(volume): \(tool) failed: \(problem)"
        case .toolMissing(let tool, let package): "\(tool) is not installed: apt-get install \(package)"
        case .file(let volume, let path, let action, let errno): "volume \(volume): cannot \(action) \(path): \(errno)"
        }
    }
}
