package import HostDevices
package import HostModel
package import Logging

/// How this node runs its VMs: `/etc/virt-node/config.yaml`, which the environment and then the command line override.
///
/// A plain value: where it comes from, and what is allowed, is in `ConfigurationKey`'s list.
package struct NodeConfiguration: Sendable, Equatable {
    /// The Node object's name; nil stands for the host's name.
    package var nodeName: String?
    package var libvirt = LibvirtChoice.auto
    package var accelerator = AcceleratorMode.auto
    package var emulation = Emulation.adapted
    /// How many VMs start at once; nil stands for the number of CPUs.
    package var parallelStarts: Int?
    package var api = API()
    package var local = Local()
    package var claim = Claim()
    /// A folder of VMIs as YAML files, nil for none.
    package var manifests: String? = "/etc/virt-node/vmis.d"
    package var orphanedDomains = OrphanedDomains.keep
    package var metrics = Metrics()
    package var streams = Streams()
    /// Priorities by the name that a VMI's `priorityClassName` gives.
    package var priorityClasses: [String: Int32] = [:]
    package var labels = Labels()
    /// How long this node's Lease is valid without being renewed.
    package var nodeLeaseSeconds = 40
    /// Where the nodes' Leases stand: a namespace that every node may write leases in.
    package var leaseNamespace = "kube-system"
    /// How old another node's Lease must be before its VMIs are called unknown.
    package var unresponsiveAfterSeconds = 300
    package var logLevel = Logger.Level.info
    package var sandbox = DaemonSandbox.Mode.enforce
    package var hostDisks = HostDisks()
    /// Devices of the host that VMs may have.
    package var permittedHostDevices = PermittedDevices.none
    /// Who may use which CPUs.
    package var cpus = CPUPools.Settings()
    /// How much of the node's memory VMs may be promised.
    package var memory = MemoryPolicy()

    package init() {}

    /// What a VM gets where it asks for what only KVM can give.
    package enum Emulation: String, Sendable, CaseIterable {
        /// A plan without it, and a warning.
        case adapted
        /// A clear failure.
        case forbidden
    }

    /// What is done with a domain of ours that no VMI stands behind.
    package enum OrphanedDomains: String, Sendable, CaseIterable {
        case keep, stop
    }

    /// The Kubernetes API; without `kubeconfig` and `inCluster` the node serves its own.
    package struct API: Sendable, Equatable {
        package var kubeconfig: String?
        package var context: String?
        package var inCluster = false

        /// Whether the objects come from this process's own API server.
        package var isLocal: Bool { kubeconfig == nil && !inCluster }
    }

    package struct Local: Sendable, Equatable {
        /// The port of the local API on loopback; 0 for none.
        package var loopbackPort = 8187
        /// Who else may use the Unix sockets.
        package var socketGroup: String?
    }

    /// Whether this node takes VMIs that nobody assigned.
    package struct Claim: Sendable, Equatable {
        package var enabled = false
        /// Empty for all.
        package var namespaces: [String] = []
        /// How long a VMI is left to others before it is tried.
        package var delaySeconds = 0
    }

    package struct TLS: Sendable, Equatable {
        package var certificate: String?
        package var key: String?
        /// Who signed the clients' certificates; nil asks clients for none.
        package var clientCA: String?

        package var isConfigured: Bool { certificate != nil }
    }

    package struct Metrics: Sendable, Equatable {
        package var address = "0.0.0.0"
        /// 0 for none.
        package var port = 8185
        package var tls = TLS()
    }

    package struct Streams: Sendable, Equatable {
        package var address = "0.0.0.0"
        /// 0 for none.
        package var port = 8186
        package var tls = TLS()
        /// The common names that a client's certificate may bear; empty for those of KubeVirt's virt-api.
        package var allowedNames: [String] = []
    }

    package struct HostDisks: Sendable, Equatable {
        /// Where a VMI's `hostDisk` may lie; empty for anywhere but virt-node's own folders.
        package var folders: [String] = []
    }

    package struct Labels: Sendable, Equatable {
        /// One label for each of the CPU's features, of which there are hundreds.
        package var cpuFeatures = false
    }

}
