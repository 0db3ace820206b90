/// What the configuration asks for: `--accelerator auto|kvm|emulation`.
package enum AcceleratorMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// KVM where it is clearly faster than emulation.
    case auto
    /// KVM or an error.
    case kvm
    /// Emulation, without a probe.
    case emulation
}
