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

    /// Where the variables lie.
    enum Place {
        /// The VM's own folder, which is removed with it.
        case dropped(FilePath)
        /// The folder of all variables that outlive their VMIs (`efi.persistent`). The intent gives a domain's name,
        /// and so the file, to one VM at a time.
        case kept(FilePath, domain: String)

        /// Variables made for secure boot hold its keys: each kind keeps a file of its own.
        fileprivate func file(secureBoot: Bool) -> FilePath {
            switch self {
            case .dropped(let folder): folder.appending("nvram.fd")
            case .kept(let folder, let domain): folder.appending("\(domain)_VARS\(secureBoot ? ".secboot" : "").fd")
            }
        }
    }

    /// The firmware, with a copy of its variables that QEMU may write; nil where none is installed. Variables that
    /// were kept are used as they are.
    static func prepare(secureBoot: Bool, _ place: Place, user: QEMUUser) throws(AgentError) -> FirmwareLoader? {
        let pairs = secureBoot ? secure : plain
        guard let pair = pairs.first(where: { access($0.code, R_OK) == 0 && access($0.variables, R_OK) == 0 }),
            let template = Files.read(FilePath(pair.variables))
        else { return nil }
        let variables = place.file(secureBoot: secureBoot)
        switch place {
        case .dropped: try Files.writeAtomically(template, to: variables)
        case .kept(let folder, _):
            try Files.makeFolder(folder)
            do throws(AgentError) { try Files.writeAtomically(template, to: variables, exclusive: true) } catch {
                guard case .file(_, _, .fileExists) = error else { throw error }
            }
        }
        try Files.give(variables, uid: user.label.uid, gid: user.label.gid)
        return FirmwareLoader(
            path: pair.code, secure: secureBoot, variablesTemplate: pair.variables, variables: variables.string)
    }
}
