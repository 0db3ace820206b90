internal import CLibvirt
internal import Glibc

/// The error numbers of libvirt that virt-node acts on.
enum LibvirtCode {
    static let internalError = Int(VIR_ERR_INTERNAL_ERROR.rawValue)
    static let noConnect = Int(VIR_ERR_NO_CONNECT.rawValue)
    static let invalidConnection = Int(VIR_ERR_INVALID_CONN.rawValue)
    static let noSupport = Int(VIR_ERR_NO_SUPPORT.rawValue)
    static let noDomain = Int(VIR_ERR_NO_DOMAIN.rawValue)
    static let noMetadata = Int(VIR_ERR_NO_DOMAIN_METADATA.rawValue)
    static let invalidArgument = Int(VIR_ERR_INVALID_ARG.rawValue)
    static let operationInvalid = Int(VIR_ERR_OPERATION_INVALID.rawValue)
    static let operationTimeout = Int(VIR_ERR_OPERATION_TIMEOUT.rawValue)
    static let systemError = Int(VIR_ERR_SYSTEM_ERROR.rawValue)
    static let rpc = Int(VIR_ERR_RPC.rawValue)
    static let resourceBusy = Int(VIR_ERR_RESOURCE_BUSY.rawValue)
    static let argumentUnsupported = Int(VIR_ERR_ARGUMENT_UNSUPPORTED.rawValue)
    static let configUnsupported = Int(VIR_ERR_CONFIG_UNSUPPORTED.rawValue)
    static let operationUnsupported = Int(VIR_ERR_OPERATION_UNSUPPORTED.rawValue)

    /// The agent's channel is there, and the agent is silent, away or out of step.
    static let agentUnresponsive: Set<Int> = [
        Int(VIR_ERR_AGENT_UNRESPONSIVE.rawValue), Int(VIR_ERR_AGENT_UNSYNCED.rawValue),
    ]
    static let accessDenied: Set<Int> = [
        Int(VIR_ERR_ACCESS_DENIED.rawValue), Int(VIR_ERR_OPERATION_DENIED.rawValue), Int(VIR_ERR_AUTH_FAILED.rawValue),
        Int(VIR_ERR_AUTH_CANCELLED.rawValue), Int(VIR_ERR_AUTH_UNAVAILABLE.rawValue),
    ]
    /// What the client's side of a connection reports of itself when the other side is gone.
    static let transport: Set<Int> = [internalError, systemError, rpc]

    /// The part of libvirt that carries calls to its daemon.
    static let transportDomain = Int(VIR_FROM_RPC.rawValue)

    static let accessErrnos: Set<Int> = [Int(EACCES), Int(EPERM)]
    static let spaceErrnos: Set<Int> = [Int(ENOSPC), Int(EDQUOT)]
    static let busyErrno = Int(EBUSY)
}
