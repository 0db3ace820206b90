import HostDevices
import HostModel
import Logging

extension ConfigurationKey {
    /// Every key, in the order of the documentation.
    package static let all: [ConfigurationKey] =
        node + objects + [
            .text("metrics.address", \.metrics.address, .address, "Where health and metrics are served."),
            .integer("metrics.port", \.metrics.port, 0...65535, "Their port; 0 for none."),
        ] + tls("metrics.tls", \.metrics.tls) + [
            .text("streams.address", \.streams.address, .address, "Where consoles and subresources are served."),
            .integer("streams.port", \.streams.port, 0...65535, "Their port; 0 for none."),
            .list(
                "streams.allowedNames", \.streams.allowedNames, .any,
                "The common names of client certificates that are let in; empty for KubeVirt's own."),
        ] + tls("streams.tls", \.streams.tls) + timing + resources

    private static let resources: [ConfigurationKey] = [
        .list(
            "hostDisks.folders", \.hostDisks.folders, .path,
            "The folders that hostDisk volumes may lie in; empty for any but virt-node's own."),
        ConfigurationKey(
            "permittedHostDevices", \.permittedHostDevices, .structure,
            "Devices of the host that VMs may have, as KubeVirt lists them.",
            allowed:
                "pciHostDevices (pciVendorSelector, resourceName), mediatedDevices (mdevNameSelector, resourceName) "
                + "and usb (resourceName, selectors of vendor and product)"
        ) { value, configuration in
            guard let document = value.document, let permitted = PermittedDevices(document) else { return false }
            configuration.permittedHostDevices = permitted
            return true
        },
        cpus("cpus.reserved", \.cpus.reserved, "CPUs of the host, never a VM's own; empty for its first core."),
        cpus("cpus.dedicated", \.cpus.dedicated, "CPUs for VMs with dedicated ones; empty for all but the reserved."),
        cpus("cpus.shared", \.cpus.shared, "CPUs for all others; empty for those that nobody holds."),
        .choice("cpus.idle", \.cpus.idle, "What dedicated CPUs do that nobody holds, where pools are fixed."),
        ConfigurationKey(
            "memory.reserveMebibytes", \.memory.reserve, .integer(0...1_048_576), "Memory that VMs are never promised."
        ) { value, configuration in
            guard case .text(let text) = value, let number = Int64(text), 0...1_048_576 ~= number else { return false }
            configuration.memory.reserve = number << 20
            return true
        },
        .integer(
            "memory.overcommitPercent", \.memory.overcommitPercent, 10...1000,
            "How much of the rest they are promised: 100 for each byte once."),
    ]

    private static func cpus(_ path: String, _ place: Place<CPUSet?>, _ summary: String) -> ConfigurationKey {
        ConfigurationKey(path, place, .text, summary, allowed: "a list of CPUs such as 0-3,8, or empty") {
            value, configuration in
            guard let elements = value.elements, let set = CPUSet(list: elements.joined(separator: ",")) else {
                return false
            }
            configuration[keyPath: place] = set.isEmpty ? nil : set
            return true
        }
    }

    private static let node: [ConfigurationKey] = [
        .text("nodeName", \.nodeName, .subdomain, "The Node object's name; empty for the host's name."),
        libvirtURI,
        .choice("accelerator", \.accelerator, "Whether VMs run on KVM; auto measures it."),
        .choice("emulation", \.emulation, "What a VM that needs KVM gets without it: a plan without, or a failure."),
        parallelStarts,
        .choice("logLevel", \.logLevel, "What is logged."),
        .choice(
            "sandbox", \.sandbox, "Whether system calls and capabilities that virt-node does not need are refused."),
    ]

    private static let objects: [ConfigurationKey] = [
        .text("api.kubeconfig", \.api.kubeconfig, .path, "How the cluster's API is reached."),
        .text("api.context", \.api.context, .any, "The context of the kubeconfig; empty for its current one."),
        .boolean("api.inCluster", \.api.inCluster, "Take the service account of the pod that this runs in."),
        .integer("local.loopbackPort", \.local.loopbackPort, 0...65535, "The local API's port; 0 for none."),
        .text("local.socketGroup", \.local.socketGroup, .any, "The group that may use the Unix sockets."),
        .boolean("claim.enabled", \.claim.enabled, "Take VMIs that nobody assigned and that fit."),
        .list("claim.namespaces", \.claim.namespaces, .label, "The namespaces to take from; empty for all."),
        .integer("claim.delaySeconds", \.claim.delaySeconds, 0...3600, "How long others are left to take one first."),
        .text("manifests", \.manifests, .path, "The folder of VMIs as YAML files."),
        .choice("orphanedDomains", \.orphanedDomains, "What happens to a domain of ours without a VMI."),
        priorityClasses,
        .boolean("labels.cpuFeatures", \.labels.cpuFeatures, "Label the node with each feature of its CPU."),
    ]

    private static let timing: [ConfigurationKey] = [
        .integer("nodeLeaseSeconds", \.nodeLeaseSeconds, 10...3600, "How long the node's Lease is valid."),
        .text("leaseNamespace", \.leaseNamespace, .label, "The namespace of the nodes' Leases."),
        .integer(
            "unresponsiveAfterSeconds", \.unresponsiveAfterSeconds, 60...86_400,
            "How old another node's Lease must be before its VMIs are called unknown."),
    ]

    private static func tls(_ path: String, _ place: Place<NodeConfiguration.TLS>) -> [ConfigurationKey] {
        func file(
            _ name: String, _ member: any WritableKeyPath<NodeConfiguration.TLS, String?> & Sendable, _ summary: String
        ) -> ConfigurationKey {
            ConfigurationKey(
                "\(path).\(name)", .file, summary, allowed: "\(TextRule.path.allowed), or empty",
                isSame: { $0[keyPath: place][keyPath: member] == $1[keyPath: place][keyPath: member] },
                read: { value, configuration in
                    guard case .text(let text) = value, text.isEmpty || TextRule.path.holds(text) else { return false }
                    configuration[keyPath: place][keyPath: member] = text.isEmpty ? nil : text
                    return true
                })
        }
        return [
            file("certificate", \.certificate, "The server's certificate, as PEM."),
            file("key", \.key, "Its private key, as PEM."),
            file("clientCA", \.clientCA, "Who signs the clients' certificates."),
        ]
    }

    private static let libvirtURI = ConfigurationKey(
        "libvirtURI", \.libvirt, .text, "Which libvirt runs the VMs.", allowed: "auto, system, embedded or a URI"
    ) { value, configuration in
        guard case .text(let text) = value, let choice = LibvirtChoice(text) else { return false }
        configuration.libvirt = choice
        return true
    }

    private static let parallelStarts = ConfigurationKey(
        "parallelStarts", \.parallelStarts, .text, "How many VMs start at once; auto for as many as there are CPUs.",
        allowed: "auto, or a whole number from 1 to 256"
    ) { value, configuration in
        guard case .text(let text) = value else { return false }
        let number = Int(text)
        guard text == "auto" || number.map({ (1...256).contains($0) }) == true else { return false }
        configuration.parallelStarts = number
        return true
    }

    private static let priorityClasses = ConfigurationKey(
        "priorityClasses", \.priorityClasses, .numbers,
        "Priorities by the name in priorityClassName: PriorityClass objects are not read."
    ) { value, configuration in
        guard let entries = value.entries else { return false }
        var classes: [String: Int32] = [:]
        for (name, text) in entries {
            guard TextRule.subdomain.holds(name), let priority = Int32(text) else { return false }
            classes[name] = priority
        }
        configuration.priorityClasses = classes
        return true
    }
}
