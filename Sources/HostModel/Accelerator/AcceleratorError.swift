package import SystemPackage

/// Why no accelerator could be chosen. That KVM is bad is no error but a verdict, unless KVM was demanded.
package enum AcceleratorError: Error, Sendable, Hashable {
    case qemuMissing(searched: [String])
    case qemuCannotStart(binary: String, problem: String)
    case emulationFails(GuestRun)
    case kvmUnusable(AcceleratorVerdict)
    case payloadNotWritten(FilePath, Errno)
    case cancelled
}

extension AcceleratorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .qemuMissing(let searched):
            "QEMU is not installed: there is none of \(searched.joined(separator: ", "))."
        case .qemuCannotStart(let binary, let problem):
            "\(binary) cannot be run: \(problem)"
        case .emulationFails(let run):
            "QEMU cannot even emulate: \(run.account)."
        case .kvmUnusable(let verdict):
            "The accelerator is set to kvm, but KVM cannot be used here (\(verdict.reason.rawValue)): \(verdict.message)"
        case .payloadNotWritten(let path, let errno):
            "The probe's guest could not be written to \(path): \(errno)."
        case .cancelled:
            "The probe of the accelerator was cancelled."
        }
    }

    /// What to do about it, as a command where one exists.
    package var remedy: String? {
        switch self {
        case .qemuMissing: "apt-get install qemu-system-x86"
        case .qemuCannotStart(let binary, _):
            "Run `\(binary) --version`; if it fails: apt-get install --reinstall qemu-system-x86"
        case .emulationFails: "apt-get install --reinstall qemu-system-x86 qemu-system-common qemu-system-data"
        case .kvmUnusable(let verdict): verdict.remedy ?? "Set the accelerator to auto or emulation."
        case .payloadNotWritten(let path, _): "Make \(path.removingLastComponent()) a writable folder with 64 KiB free."
        case .cancelled: nil
        }
    }
}
