package import Disks
package import DomainPlan
package import HostDevices
package import HostModel
package import Images
package import KubernetesAPI
package import KubernetesModel
package import Libvirt
package import LocalAPI
package import Networks
package import Placement
package import Sandbox
package import Serving
package import SystemPackage

/// Why a VMI does not run.
package enum AgentError: Error {
    case accelerator(AcceleratorError)
    case libvirt(instance: String?, step: String, LibvirtError)
    case images(ImageError)
    case disk(instance: String, DiskError)
    case network(instance: String, NetworkError)
    case plan(DomainPlanError)
    case placement(PlacementError)
    /// A device of the host cannot be taken.
    case device(instance: String, DeviceError)
    /// A CPU that slept while nobody held it does not wake.
    case cpuAsleep(cpu: Int, Errno)
    /// No device of a resource is to be had; why each of those that are permitted is not.
    case noDevice(PlacementError, reasons: [String])
    /// The node's memory is too small.
    case memory(instance: String, reason: String)
    case notInForeground(instance: String, field: String, reason: String)
    /// A file of the host that VMIs may not have.
    case hostDiskRefused(instance: String, field: String, reason: String)
    case cannotStart(PlanWarning, instance: String)
    case firmwareMissing(instance: String, secureBoot: Bool)
    /// KVM worked when the daemon probed it, and does not now.
    case kvmLost(instance: String, problem: String)
    case alreadyRunning(instance: String, owner: String)
    case uidInUse(instance: String, uid: String)
    case domainInTheWay(instance: String, domain: String)
    /// The domain that is to be started runs already: an earlier start was carried out after all.
    case domainRuns(instance: String)
    case tpmNeedsDaemon(instance: String)
    case rootTooLong(path: String, limit: Int)
    case console(instance: String, path: String, Errno)
    case file(path: String, action: String, Errno)
    case confined(path: String, action: String, SandboxError)
    case notRoot
    case startEnded(instance: String, reason: String)
    case stopped(instance: String)
    /// The VM would end with the pod that the daemon runs in.
    case unsafePlacement(instance: String, [ProcessTie])
    /// Another daemon holds this node's place.
    case alreadyServing(folder: String)
    /// The spec asks for what cannot be, or what virt-node does not know.
    case invalid(instance: String, [FieldIssue])
    case kubernetes(APIError)
    /// libvirt does not answer at present.
    case libvirtAbsent(instance: String)
    case localAPI(LocalAPIError)
    /// The first objects of the local API cannot be written.
    case localObjects(reason: String)
    case listen(ServingError)
    case configuration(ConfigurationError)
    case service(reason: String)
}

extension AgentError {
    /// The error below, whose text says more.
    package var cause: (any Error)? {
        switch self {
        case .accelerator(let cause): cause
        case .libvirt(_, _, let cause): cause
        case .images(let cause): cause
        case .disk(_, let cause): cause
        case .network(_, let cause): cause
        case .kubernetes(let cause): cause
        case .localAPI(let cause): cause
        case .listen(let cause): cause
        case .configuration(let cause): cause
        case .confined(_, _, let cause): cause
        default: nil
        }
    }

    /// Whether the host, rather than the VMI, is what is missing.
    package var isHostFault: Bool {
        switch self {
        case .accelerator, .notRoot, .placement: true
        case .libvirt(nil, _, _): true
        default: false
        }
    }
}

extension AgentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .accelerator: "this host cannot run VMs as asked"
        case .libvirt(let instance, let step, _): (instance.map { "\($0): " } ?? "") + "libvirt failed to \(step)"
        case .images: "the image store cannot be used"
        case .disk(let instance, _): "\(instance): a volume cannot be made ready"
        case .network(let instance, _): "\(instance): its network cannot be made ready"
        case .plan(let cause): "\(cause)"
        case .placement(let cause): cause.text(for: .node)
        case .memory(let instance, let reason): "\(instance): \(reason)"
        case .cpuAsleep(let cpu, let problem):
            "host CPU \(cpu), which sleeps while nobody holds it, does not wake: \(problem): set cpus.idle to awake, or take it "
                + "out of cpus.dedicated"
        case .device(let instance, let cause): "\(instance): \(cause)"
        case .noDevice(.notEnoughDevices(let name, let resource, let needed, let granted, let inUse), let reasons):
            "\(name): needs \(needed) \(resource); of those that permittedHostDevices allows, \(granted - inUse) are free "
                + "and \(inUse) in use: free one, or permit more"
                + (reasons.isEmpty ? "" : ". Not to be had: " + reasons.joined(separator: "; "))
        case .noDevice(let cause, _): cause.text(for: .node)
        case .notInForeground(let instance, let field, let reason):
            "\(instance): \(field): \(reason): remove it, or use virt-node convert to see the domain"
        case .hostDiskRefused(let instance, let field, let reason): "\(instance): \(field): \(reason)"
        case .cannotStart(let warning, let instance): "\(instance): \(warning.field): \(warning.message)"
        case .kvmLost(let instance, let problem):
            "\(instance): \(problem), and worked when virt-node started: load kvm_amd or kvm_intel again, and it starts by itself; "
                + "or restart virt-node, which then emulates"
        case .firmwareMissing(let instance, let secureBoot):
            "\(instance): spec.domain.firmware.bootloader.efi: no UEFI firmware\(secureBoot ? " with secure boot" : "") is installed: apt-get install ovmf"
        case .alreadyRunning(let instance, let owner):
            "\(instance) runs already (\(owner)): stop that one, or give this one another name"
        case .uidInUse(let instance, let uid):
            "\(instance): metadata.uid \(uid) belongs to a VMI that runs already: remove it from the file"
        case .domainInTheWay(let instance, let domain):
            "\(instance): libvirt has a domain \(domain) that is not this VMI's: end it with virsh destroy and virsh undefine, or give the VMI another name"
        case .domainRuns(let instance): "\(instance): its domain runs already: it is taken over"
        case .alreadyServing(let folder):
            "another virt-node serve runs on this node (\(folder)/lock): end that one, or use another --root"
        case .invalid(let instance, let issues):
            "\(instance): \(issues.map(\.description).joined(separator: "; "))"
        case .kubernetes: "the Kubernetes API does not do what was asked"
        case .localObjects(let reason): "the local API cannot be begun: \(reason)"
        case .localAPI: "the local API cannot be served"
        case .listen: "the service cannot listen"
        case .configuration: "the configuration cannot be used"
        case .service(let reason): "the daemon ends: \(reason)"
        case .libvirtAbsent(let instance): "\(instance): libvirt does not answer at present"
        case .tpmNeedsDaemon(let instance):
            "\(instance): spec.domain.devices.tpm: the embedded libvirt cannot give QEMU's user a TPM: run libvirt's daemon (systemctl start libvirtd) and use --libvirt-uri qemu:///system, or remove the TPM"
        case .rootTooLong(let path, let limit):
            "\(path) is too long for the sockets of libvirt, which take \(limit) bytes: choose a shorter --root"
        case .console(let instance, let path, let errno):
            "\(instance): cannot connect to the serial console \(path): \(errno)"
        case .file(let path, let action, let errno): "cannot \(action) \(path): \(errno)"
        case .confined(let path, let action, _): "cannot \(action) \(path)"
        case .notRoot: "virt-node run needs root, to start QEMU as a user of its own: sudo virt-node run …"
        case .startEnded(let instance, let reason): "\(instance): QEMU ended while it started: \(reason)"
        case .unsafePlacement(let instance, let ties):
            "\(instance): QEMU would end with virt-node's pod, so it was stopped: \(ties.map(\.description).joined(separator: "; "))"
        case .stopped(let instance): "\(instance): stopped before it ran"
        }
    }
}
