import SystemPackage

/// What opening `/dev/kvm` shows. That it opens proves little.
enum KVMDevice: Sendable, Hashable {
    case opens
    case absent
    case notPermitted
    case failing(Errno)

    init(probing root: HostRoot) {
        do {
            try FileDescriptor.open(root.resolve("/dev/kvm"), .readWrite, options: [.closeOnExec]).close()
            self = .opens
        } catch let errno as Errno {
            self =
                switch errno {
                case .noSuchFileOrDirectory: .absent
                case .permissionDenied, .notPermitted: .notPermitted
                default: .failing(errno)
                }
        } catch {
            self = .absent
        }
    }
}

extension AcceleratorVerdict {
    /// What became of the KVM that the verdict found; nil while it can be opened, and where the verdict is another.
    package func lostKVM(_ root: HostRoot = HostRoot()) -> String? {
        guard verdict == .kvm else { return nil }
        return switch KVMDevice(probing: root) {
        case .opens: nil
        case .absent: "/dev/kvm is gone"
        case .notPermitted: "/dev/kvm may not be opened any more"
        case .failing(let problem): "/dev/kvm does not open any more: \(problem)"
        }
    }
}

/// The CPU's support for hardware virtualisation, as `/proc/cpuinfo` and the loaded modules tell it.
struct VirtualizationSupport: Sendable, Hashable {
    enum Extension: String, Sendable, Hashable {
        case svm
        case vmx

        var module: String {
            switch self {
            case .svm: "kvm_amd"
            case .vmx: "kvm_intel"
            }
        }
    }

    var cpuExtension: Extension?
    var moduleIsLoaded: Bool
    /// The machine is itself a virtual one.
    var isVirtual: Bool

    init(cpuExtension: Extension?, moduleIsLoaded: Bool, isVirtual: Bool) {
        self.cpuExtension = cpuExtension
        self.moduleIsLoaded = moduleIsLoaded
        self.isVirtual = isVirtual
    }

    init(probing root: HostRoot) {
        let flags = Set(root.lines("/proc/cpuinfo").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? [])
        cpuExtension = flags.contains("svm") ? .svm : flags.contains("vmx") ? .vmx : nil
        moduleIsLoaded = root.exists("/sys/module/kvm_amd") || root.exists("/sys/module/kvm_intel")
        isVirtual = flags.contains("hypervisor")
    }

    /// How `/dev/kvm` comes into being.
    var remedyForAbsence: String {
        switch (cpuExtension, isVirtual) {
        case (let found?, _): "modprobe \(found.module)"
        case (nil, true):
            "This machine is a virtual one without nested virtualisation: switch that on at its host "
                + "(kvm_amd or kvm_intel with nested=1 and the CPU passed through), or use a node on bare metal."
        case (nil, false):
            "Switch on SVM (AMD) or VT-x (Intel) in the firmware's setup, then modprobe kvm_amd or kvm_intel."
        }
    }
}
