internal import CLibvirt

/// The error numbers of libvirt that virt-node acts on.
enum LibvirtCode {
    static let noDomain = Int(VIR_ERR_NO_DOMAIN.rawValue)
    static let invalidArgument = Int(VIR_ERR_INVALID_ARG.rawValue)
    static let operationInvalid = Int(VIR_ERR_OPERATION_INVALID.rawValue)
    static let systemError = Int(VIR_ERR_SYSTEM_ERROR.rawValue)
}
