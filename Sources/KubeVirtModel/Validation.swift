package import KubernetesModel

extension VirtualMachineInstance {
    /// Every error and warning of a defaulted VMI, in the order of its fields.
    package func validate() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        issues += validateMetadata()
        issues += spec.validate()
        return issues
    }

    private func validateMetadata() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        if name.isEmpty {
            issues.append(.error("metadata.name", "is missing: write one"))
        } else if !KubernetesName.isSubdomain(name) {
            issues.append(.error("metadata.name", KubernetesName.complaint(name, limit: 253)))
        }
        if !KubernetesName.isLabel(namespace) {
            issues.append(.error("metadata.namespace", KubernetesName.complaint(namespace, limit: 63)))
        }
        if let uid = metadata.uid, !KubernetesName.isUID(uid) {
            issues.append(.error("metadata.uid", "\"\(uid)\" is no UUID: remove it, and one is made"))
        }
        return issues
    }
}

extension VirtualMachineInstanceSpec {
    fileprivate func validate() -> [FieldIssue] {
        var issues: [FieldIssue] = []
        if let architecture, architecture != "amd64" {
            issues.append(
                .error("spec.architecture", "\"\(architecture)\" is not supported: write amd64, or leave it out"))
        }
        if let hostname, !KubernetesName.isLabel(hostname) {
            issues.append(.error("spec.hostname", KubernetesName.complaint(hostname, limit: 63)))
        }
        if let seconds = terminationGracePeriodSeconds, seconds < 0 {
            issues.append(
                .error("spec.terminationGracePeriodSeconds", "\(seconds) is negative: write 0 or more seconds"))
        }
        issues += domain.validate()
        issues += validateDisks()
        issues += validateVolumes()
        issues += validateNetworks()
        issues += DeviceNames(domain.devices).validate()
        return issues
    }
}

/// The rules of Kubernetes for names.
package enum KubernetesName {
    /// A DNS label: lower-case letters, digits and `-`, at most 63.
    package static func isLabel(_ name: String) -> Bool {
        name.utf8.count <= 63 && name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil
    }

    /// A DNS subdomain: labels with dots between, at most 253.
    package static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/) != nil
    }

    static func isUID(_ text: String) -> Bool {
        text.wholeMatch(of: /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/) != nil
    }

    static func complaint(_ name: String, limit: Int) -> String {
        "\(DocumentNode.string(name).excerpt ?? "") is no name: write at most \(limit) lower-case letters, digits and -, with a letter or digit at both ends"
    }
}
