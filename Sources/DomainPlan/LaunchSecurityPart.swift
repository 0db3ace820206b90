import DomainModel
import KubeVirtModel

/// Memory that the host cannot read (`<launchSecurity>`): AMD's SEV and SNP, Intel's TDX.
enum LaunchSecurityPart {
    private static let field = "spec.domain.launchSecurity"
    /// SEV policy bits: the host may not debug the guest, and cannot read its registers.
    private static let noDebug: UInt32 = 1 << 0
    private static let encryptedState: UInt32 = 1 << 2
    /// SNP policy bits: hyperthreads may be on, and a bit that must be set.
    private static let symmetricThreads: UInt32 = 1 << 16
    private static let reserved: UInt32 = 1 << 17

    static func configure(_ draft: inout DomainDraft, _ request: PlanRequest) {
        guard let spec = request.domain.launchSecurity else { return }
        guard spec.sev != nil || spec.snp != nil || spec.tdx != nil else { return }
        guard request.accelerator == .kvm else {
            return draft.adapt(
                "LaunchSecurityDropped", field,
                "software emulation encrypts no memory: the host can read all of this guest's")
        }
        var security = DomainModel.LaunchSecurity()
        if let sev = spec.sev {
            let isEncrypted = sev.policy?.encryptedState ?? false
            security.type = "sev"
            security.policy = hexadecimal(noDebug | (isEncrypted ? encryptedState : 0))
            security.dhCert = sev.dhCert
            security.session = sev.session
        } else if spec.snp != nil {
            security.type = "sev-snp"
            security.policy = hexadecimal(symmetricThreads | reserved)
            warnOfAge("SEV-SNP", since: "10.5", &draft)
        } else {
            security.type = "tdx"
            warnOfAge("TDX", since: "11.6", &draft)
        }
        draft.domain.launchSecurity = security
        draft.because("launchSecurity", .field(field))
    }

    private static func hexadecimal(_ bits: UInt32) -> String { "0x\(String(bits, radix: 16))" }

    private static func warnOfAge(_ name: String, since version: String, _ draft: inout DomainDraft) {
        draft.warn(
            "NeedsNewerLibvirt", field,
            "\(name) needs libvirt \(version): an older one refuses the domain", isBlocking: true)
    }
}
