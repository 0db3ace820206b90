import KubernetesModel

/// Which kinds of media for cloud-init a VM has.
struct CloudInitMedia {
    let hasConfigDrive: Bool
    let hasNoCloud: Bool

    init(_ volumes: [Volume]) {
        hasConfigDrive = volumes.contains { $0.cloudInitConfigDrive != nil }
        hasNoCloud = volumes.contains { $0.cloudInitNoCloud != nil }
    }
}

extension AccessCredential {
    func validate(_ report: inout ValidationReport, _ media: CloudInitMedia) {
        report.exclude([("sshPublicKey", sshPublicKey != nil), ("userPassword", userPassword != nil)])
        if sshPublicKey == nil, userPassword == nil { report.error("is empty: write sshPublicKey or userPassword") }
        if let sshPublicKey { report.within("sshPublicKey") { sshPublicKey.validate(&$0, media) } }
        if let userPassword { report.within("userPassword") { userPassword.validate(&$0) } }
    }
}

extension SSHPublicKeyCredential {
    fileprivate func validate(_ report: inout ValidationReport, _ media: CloudInitMedia) {
        report.within("propagationMethod") { report in
            report.exclude([
                ("configDrive", propagationMethod.configDrive != nil), ("noCloud", propagationMethod.noCloud != nil),
                ("qemuGuestAgent", propagationMethod.qemuGuestAgent != nil),
            ])
            let needs = [
                ("configDrive", propagationMethod.configDrive, "cloudInitConfigDrive", media.hasConfigDrive),
                ("noCloud", propagationMethod.noCloud, "cloudInitNoCloud", media.hasNoCloud),
            ]
            for (name, method, volume, isThere) in needs where method != nil && !isThere {
                report.error(name, "needs a volume that brings the keys: add one with \(volume) under spec.volumes")
            }
            if let agent = propagationMethod.qemuGuestAgent {
                if agent.users.isEmpty { report.error("qemuGuestAgent.users", "is empty: name the users of the guest") }
            } else if !needs.contains(where: { $0.1 != nil }) {
                report.error("is empty: write noCloud, configDrive or qemuGuestAgent")
            }
        }
        source.validate(&report)
    }
}

extension UserPasswordCredential {
    fileprivate func validate(_ report: inout ValidationReport) {
        if propagationMethod.qemuGuestAgent == nil {
            report.error("propagationMethod", "is empty: write qemuGuestAgent")
        }
        source.validate(&report)
    }
}

extension CredentialSource {
    fileprivate func validate(_ report: inout ValidationReport) {
        guard let secret else { return report.error("source", "is empty: write secret") }
        report.checkSubdomain("source.secret.secretName", secret.secretName)
    }
}
