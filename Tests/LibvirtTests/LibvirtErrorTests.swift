import Glibc
import Libvirt
import Testing

/// libvirt's numbers (`virterror.h`) against what they mean here. No text is looked at.
@Suite struct LibvirtErrorTests {
    private enum Meaning: CaseIterable {
        case connectionLost, timeout, agentUnresponsive, accessDenied, noSpace, resourceBusy, unsupported, noDomain

        func holds(_ error: LibvirtError) -> Bool {
            switch self {
            case .connectionLost: error.isConnectionLost
            case .timeout: error.isTimeout
            case .agentUnresponsive: error.isAgentUnresponsive
            case .accessDenied: error.isAccessDenied
            case .noSpace: error.isNoSpace
            case .resourceBusy: error.isResourceBusy
            case .unsupported: error.isUnsupported
            case .noDomain: error.isNoDomain
            }
        }
    }

    private static let table: [(code: Int, domain: Int, detail: Int, Meaning?)] = [
        (1, 7, -1, .connectionLost),  // "client socket is closed", keepalive, hang-up
        (38, 7, Int(EIO), .connectionLost),  // end of file while reading
        (38, 7, Int(EPIPE), .connectionLost),
        (39, 7, -1, .connectionLost),
        (6, 0, 0, .connectionLost),
        (1, 10, -1, nil),  // QEMU's own trouble
        (38, 10, Int(ENOENT), nil),
        (68, 10, 0, .timeout),
        (86, 10, 0, .agentUnresponsive),
        (97, 10, 0, .agentUnresponsive),
        (88, 55, 0, .accessDenied),
        (45, 46, 0, .accessDenied),
        (38, 10, Int(EACCES), .accessDenied),
        (38, 10, Int(ENOSPC), .noSpace),
        (38, 18, Int(EDQUOT), .noSpace),
        (38, 0, Int(EBUSY), .resourceBusy),
        (87, 10, 0, .resourceBusy),
        (74, 10, 0, .unsupported),
        (3, 12, 0, .unsupported),
        (42, 10, 0, .noDomain),
        (1, 10, Int(ENOSPC), nil),  // int1 is an errno with system errors only
    ]

    @Test("codes and domains of libvirt mean what they should, and nothing else", arguments: table.indices)
    func meanings(row: Int) {
        let (code, domain, detail, expected) = Self.table[row]
        let failure = LibvirtFailure(code: code, domain: domain, message: "no space left, timed out", detail: detail)
        let error = LibvirtError.call(function: "virDomainCreate", failure)
        #expect(Meaning.allCases.filter { $0.holds(error) } == (expected.map { [$0] } ?? []))
    }

    @Test("a daemon that cannot be reached is a lost connection")
    func unreachable() {
        let failure = LibvirtFailure(code: 38, domain: 7, message: "", detail: Int(ENOENT))
        #expect(LibvirtError.unreachable(uri: "qemu:///system", failure).isConnectionLost)
        #expect(LibvirtError.rootBusy(root: "/x").isConnectionLost == false)
    }
}
