package import HostModel

/// Resets functions before they go to another VM, so that nothing of the last one is left in them.
///
/// The kernel takes the first way of the function's `reset_method` that works; an operator who writes that file chooses
/// the ways, and an empty one switches resets off.
package struct DeviceReset: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// `methods` in the order that the kernel tries them; empty on kernels before 5.15, which do not tell.
        case done(methods: [String])
        /// The function has no way to be reset, or none is allowed.
        case unsupported
    }

    let root: HostRoot
    let control: any HostControl

    package init(_ root: HostRoot, _ control: any HostControl) {
        self.root = root
        self.control = control
    }

    /// Throws ``DeviceError/deviceVanished(address:_:)`` where the device is gone or answers no more, and
    /// ``DeviceError/resetFailed(address:methods:problem:)`` where it is there but could not be reset: take it out of
    /// service then.
    package func reset(_ address: String) async throws(DeviceError) -> Outcome {
        let files = try PCIFunctionFiles(address, root)
        try requireAnswer(files)
        let method = root.text("\(files.folder)/reset_method")
        guard root.exists("\(files.folder)/reset"), method != "" else { return .unsupported }
        let methods = (method ?? "").split(separator: " ").prefix(16).map(String.init)
        do {
            try await control.write("1", to: "\(files.folder)/reset")
        } catch {
            try requireAnswer(files)
            throw .resetFailed(address: files.address, methods: methods, problem: "\(error)")
        }
        try requireAnswer(files)
        return .done(methods: methods)
    }

    /// Whether the device still answers; throws where it does not.
    package func requireAnswer(_ address: String) throws(DeviceError) {
        try requireAnswer(PCIFunctionFiles(address, root))
    }

    private func requireAnswer(_ files: PCIFunctionFiles) throws(DeviceError) {
        try files.requirePresent()
        if files.answeredVendor == 0xFFFF { throw .deviceVanished(address: files.address, .silent) }
    }
}
