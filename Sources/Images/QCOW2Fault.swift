/// Why a qcow2 file is refused; the text continues a sentence about the file.
package enum QCOW2Fault: Error, Codable, Hashable, Sendable, CustomStringConvertible {
    case truncated
    case version(UInt32)
    case backingFile(String)
    case externalData
    case encrypted
    case corrupt
    case unknownFeatures([Int])
    case clusterBits(UInt32)
    case emptyDisk
    case virtualSize(UInt64)
    case table(String)
    case extensions

    package var description: String {
        switch self {
        case .truncated:
            "ends before its header does: copy it again"
        case .version(let version):
            "has version \(version), and 2 and 3 are known: convert it with 'qemu-img convert -O qcow2'"
        case .backingFile(let name):
            "names a backing file, '\(name)', and so could read any file of the node: flatten it with 'qemu-img convert -O qcow2'"
        case .externalData:
            "keeps its data in another file, and so could read any file of the node: convert it with 'qemu-img convert -O qcow2'"
        case .encrypted:
            "is encrypted, and no key can be given: convert it to a plain one"
        case .corrupt:
            "is marked corrupt: repair it with 'qemu-img check -r all'"
        case .unknownFeatures(let bits):
            "needs features that are not known here, bits \(bits.map(String.init).joined(separator: ", ")): convert it with"
                + " 'qemu-img convert -O qcow2'"
        case .clusterBits(let bits):
            "has clusters of 2^\(bits) bytes, and 2^9 to 2^21 are allowed: convert it with 'qemu-img convert -O qcow2'"
        case .emptyDisk:
            "has a virtual size of less than a sector: resize it with 'qemu-img resize'"
        case .virtualSize(let size):
            "claims a virtual size of \(size) bytes, which its tables or the limits do not allow: make the disk smaller"
        case .table(let name):
            "has its \(name) outside of the file: copy it again"
        case .extensions:
            "has damaged header extensions: convert it with 'qemu-img convert -O qcow2'"
        }
    }
}
