package import KubernetesModel

/// `spec.domain.firmware`.
package struct Firmware: TableModel {
    package var bootloader: Bootloader?
    package var kernelBoot: KernelBoot?
    package var serial: String?
    package var uuid: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Firmware>] = [
        Field("bootloader", \.bootloader),
        Field("kernelBoot", \.kernelBoot),
        Field("serial", \.serial),
        Field("uuid", \.uuid),
        Field(notYet: "acpi", "ACPI tables of one's own"),
    ]
}

/// `spec.domain.firmware.bootloader`.
package struct Bootloader: TableModel {
    package var bios: BIOS?
    package var efi: EFI?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<Bootloader>] = [Field("bios", \.bios), Field("efi", \.efi)]
}

/// `spec.domain.firmware.bootloader.bios`.
package struct BIOS: TableModel {
    package var useSerial: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<BIOS>] = [Field("useSerial", \.useSerial)]
}

/// `spec.domain.firmware.bootloader.efi`.
package struct EFI: TableModel {
    /// True where absent, as in KubeVirt.
    package var secureBoot: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<EFI>] = [
        Field("secureBoot", \.secureBoot),
        Field(notYet: "persistent", "firmware variables that outlive the VMI"),
    ]
}

/// `spec.domain.firmware.kernelBoot`: a kernel that starts without a boot loader.
package struct KernelBoot: TableModel {
    package var container: KernelBootContainer?
    package var kernelArgs: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<KernelBoot>] = [
        Field("container", \.container), Field("kernelArgs", \.kernelArgs),
    ]
}

/// `spec.domain.firmware.kernelBoot.container`: the image that holds kernel and initrd.
package struct KernelBootContainer: TableModel {
    package var image = ""
    package var imagePullPolicy: ImagePullPolicy?
    package var imagePullSecret: String?
    package var initrdPath: String?
    package var kernelPath: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: [Field<KernelBootContainer>] = [
        Field("image", required: \.image),
        Field("imagePullPolicy", \.imagePullPolicy),
        Field("imagePullSecret", \.imagePullSecret),
        Field("initrdPath", \.initrdPath),
        Field("kernelPath", \.kernelPath),
    ]
}

/// When an image is fetched although it may be here already.
package enum ImagePullPolicy: String, FieldChoice {
    case always = "Always"
    case ifNotPresent = "IfNotPresent"
    case never = "Never"
}
