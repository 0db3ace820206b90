package import KubernetesModel

/// One entry of `spec.domain.devices.gpus`.
package struct GPU: TableModel {
    package var name = ""
    /// The resource that the GPU is granted under, such as `nvidia.com/A100`.
    package var deviceName: String?
    /// The entry of `spec.resourceClaims` that grants the GPU.
    package var claimName: String?
    /// The request within that claim.
    package var requestName: String?
    /// What cloud-init's config drive calls the device.
    package var tag: String?
    package var virtualGPUOptions: VirtualGPUOptions?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<GPU> = [
        Field("name", required: \.name),
        Field("deviceName", \.deviceName),
        Field("claimName", \.claimName),
        Field("requestName", \.requestName),
        Field("tag", \.tag).notYet("device tags in the metadata of cloud-init"),
        Field("virtualGPUOptions", \.virtualGPUOptions),
    ]
}

/// `gpus[].virtualGPUOptions`.
package struct VirtualGPUOptions: TableModel {
    package var display: VirtualGPUDisplay?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<VirtualGPUOptions> = [Field("display", \.display)]
}

/// `virtualGPUOptions.display`: whether the GPU draws the VMI's screen.
package struct VirtualGPUDisplay: TableModel {
    package var enabled: Bool?
    /// The screen before the guest's driver is loaded.
    package var ramFB: FeatureState?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<VirtualGPUDisplay> = [Field("enabled", \.enabled), Field("ramFB", \.ramFB)]

    package var isOn: Bool { enabled ?? true }
}

/// One entry of `spec.domain.devices.hostDevices`.
package struct HostDevice: TableModel {
    package var name = ""
    /// The resource that the device is granted under.
    package var deviceName: String?
    /// The entry of `spec.resourceClaims` that grants the device.
    package var claimName: String?
    /// The request within that claim.
    package var requestName: String?
    /// What cloud-init's config drive calls the device.
    package var tag: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<HostDevice> = [
        Field("name", required: \.name),
        Field("deviceName", \.deviceName),
        Field("claimName", \.claimName),
        Field("requestName", \.requestName),
        Field("tag", \.tag).notYet("device tags in the metadata of cloud-init"),
    ]
}
