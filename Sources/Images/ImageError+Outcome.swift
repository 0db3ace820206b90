/// What an error means to whoever asked: exit codes and Kubernetes' reasons come from here.
package enum ImageErrorOutcome: Hashable, Sendable {
    /// The name or the image itself is at fault; asking again changes nothing.
    case invalid
    case notFound
    /// The registry, the network or the host is at fault; asking again may help.
    case failed
}

extension ImageError {
    package var outcome: ImageErrorOutcome {
        switch self {
        case .invalidReference, .importRefused, .credentialsUnreadable, .noImageForPlatform, .manifestUnreadable,
            .wrongDigest, .layerUnreadable, .entryRefused, .linkOutOfFolder, .linkToNothing, .notARegularFile, .noDisk,
            .severalDisks, .formatRefused, .qcow2Refused, .limitExceeded, .mediumRefused:
            .invalid
        case .notInStore, .noSuchImage, .notInRegistry, .noSuchFile:
            .notFound
        case .recordUnreadable, .blobMissing, .accessDenied, .registryUnreachable, .certificateNotTrusted, .plainHTTP,
            .skopeoMissing, .skopeoFailed, .cancelled, .unpackingFailed, .filesystemFull, .fileOperation,
            .mediumUnwritten, .archiveUnwritten:
            .failed
        }
    }

    /// The reason the kubelet gives a container that waits for the same cause.
    package var kubernetesReason: String {
        switch self {
        case .invalidReference: "InvalidImageName"
        case .notInStore: "ErrImageNeverPull"
        case .registryUnreachable: "RegistryUnavailable"
        case .noDisk, .severalDisks, .noSuchFile, .formatRefused, .qcow2Refused, .linkOutOfFolder, .linkToNothing,
            .notARegularFile:
            "ImageInspectError"
        default: "ErrImagePull"
        }
    }
}
