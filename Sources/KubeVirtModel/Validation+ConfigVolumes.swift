import KubernetesModel

extension CloudInitSource {
    /// Bytes of user data or network data. KubeVirt allows 2 KiB, and clouds 16 to 64 KiB; an object of Kubernetes
    /// holds no more than this.
    private static let most = 1 << 20

    func validate(_ report: inout ValidationReport) {
        let user = [
            ("userData", isSet(userData)), ("userDataBase64", isSet(userDataBase64)), ("secretRef", secretRef != nil),
        ]
        let network = [
            ("networkData", isSet(networkData)), ("networkDataBase64", isSet(networkDataBase64)),
            ("networkDataSecretRef", networkDataSecretRef != nil),
        ]
        report.exclude(user)
        report.exclude(network)
        if !(user + network).contains(where: \.1) {
            report.error("holds neither user data nor network data: add userData")
        }
        checkLength("userData", userData?.utf8.count, &report)
        checkLength("userDataBase64", report.checkBase64("userDataBase64", userDataBase64), &report)
        checkLength("networkData", networkData?.utf8.count, &report)
        checkLength("networkDataBase64", report.checkBase64("networkDataBase64", networkDataBase64), &report)
        if let secretRef { report.checkSubdomain("secretRef.name", secretRef.name) }
        if let reference = networkDataSecretRef { report.checkSubdomain("networkDataSecretRef.name", reference.name) }
    }

    private func isSet(_ text: String?) -> Bool { !(text ?? "").isEmpty }

    private func checkLength(_ field: String, _ length: Int?, _ report: inout ValidationReport) {
        guard let length, length > Self.most else { return }
        report.error(field, "holds \(length) bytes: write at most \(Self.most), and let the guest fetch the rest")
    }
}

extension ConfigMapSource {
    func validate(_ report: inout ValidationReport) {
        report.checkSubdomain("name", name)
        report.checkVolumeLabel(volumeLabel)
    }
}

extension SecretSource {
    func validate(_ report: inout ValidationReport) {
        report.checkSubdomain("secretName", secretName)
        report.checkVolumeLabel(volumeLabel)
    }
}

extension SysprepSource {
    func validate(_ report: inout ValidationReport) {
        report.exclude([("configMap", configMap != nil), ("secret", secret != nil)])
        if configMap == nil, secret == nil { report.error("has no source: write configMap or secret") }
        if let configMap { report.checkSubdomain("configMap.name", configMap.name) }
        if let secret { report.checkSubdomain("secret.name", secret.name) }
    }
}

extension DownwardAPISource {
    func validate(_ report: inout ValidationReport) {
        report.checkVolumeLabel(volumeLabel)
        var paths: Set<String> = []
        report.each("fields", in: fields) { file, report in
            report.checkText("path", file.path, limit: 4095)
            let parts = file.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            if parts.contains(where: { $0.isEmpty || $0.elementsEqual("..".utf8) }) {
                report.error("path", "\(file.path.quoted) must be relative and without ..: write a file's name")
            } else if !paths.insert(file.path).inserted {
                report.error("path", "\(file.path.quoted) is used twice: give each file a path of its own")
            }
            let sources = [("fieldRef", file.fieldRef != nil), ("resourceFieldRef", file.resourceFieldRef != nil)]
            report.exclude(sources)
            if !sources.contains(where: \.1) { report.error("has no source: write fieldRef or resourceFieldRef") }
            if let mode = file.mode, !(0...0o777).contains(mode) {
                report.error("mode", "\(mode) is no mode: write 0 to 511 (octal 0777)")
            }
        }
    }
}

extension ValidationReport {
    /// The name of a medium, as ISO 9660 holds it.
    fileprivate mutating func checkVolumeLabel(_ label: String?) {
        guard let label, label.utf8.count > 32 || !label.consists(of: \.isNameByte) else { return }
        error("volumeLabel", "\(label.quoted) is no volume label: write at most 32 letters, digits, - and _")
    }
}
