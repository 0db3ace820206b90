internal import DomainModel
internal import DomainPlan
internal import Glibc
internal import SystemPackage

/// UEFI firmware as distributions install it.
enum FirmwareFiles {
    private struct Pair {
        var code: String
        var variables: String
    }

    private static let secure = [
        Pair(code: "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", variables: "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"),
        Pair(code: "/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd", variables: "/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd"),
    ]
    private static let plain = [
        Pair(code: "/usr/share/OVMF/OVMF_CODE_4M.fd", variables: "/usr/share/OVMF/OVMF_VARS_4M.fd"),
        Pair(code: "/usr/share/OVMF/OVMF_CODE.fd", variables: "/usr/share/OVMF/OVMF_VARS.fd"),
        Pair(code: "/usr/share/edk2/ovmf/OVMF_CODE.fd", variables: "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
    ]

    /// The firmware, with a copy of its variables in the VM's folder that QEMU may write; nil where none is installed.
    static func prepare(secureBoot: Bool, folder: FilePath, user: QEMUUser) throws(AgentError) -> FirmwareLoader? {
        let pairs = secureBoot ? secure : plain
        guard let pair = pairs.first(where: { access($0.code, R_OK) == 0 && access($0.variables, R_OK) == 0 }),
            let template = Files.read(FilePath(pair.variables))
        else { return nil }
        let variables = folder.appending("nvram.fd")
        try Files.writeAtomically(template, to: variables)
        try Files.give(variables, uid: user.label.uid, gid: user.label.gid)
        return FirmwareLoader(
            path: pair.code, secure: secureBoot, variablesTemplate: pair.variables, variables: variables.string)
    }
}
