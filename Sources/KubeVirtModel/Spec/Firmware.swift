package import KubernetesModel

/// `spec.domain.firmware`.
package struct Firmware: TableModel {
    package var acpi: FirmwareACPI?
    package var bootloader: Bootloader?
    package var kernelBoot: KernelBoot?
    package var serial: String?
    package var uuid: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let handledBy: String? = "DomainPlan/FirmwarePart"

    package static let table: FieldTable<Firmware> = [
        Field("acpi", \.acpi),
        Field("bootloader", \.bootloader),
        Field("kernelBoot", \.kernelBoot),
        Field("serial", \.serial).handled(by: "DomainPlan/IdentityPart"),
        Field("uuid", \.uuid).handled(by: "DomainPlan/IdentityPart"),
    ]
}

/// `spec.domain.firmware.acpi`: volumes of kind Secret that hold ACPI tables.
package struct FirmwareACPI: TableModel {
    /// The volume whose `msdm.bin` is a Windows licence.
    package var msdmNameRef: String?
    /// The volume whose `slic.bin` is a Windows activation table.
    package var slicNameRef: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<FirmwareACPI> = [
        Field("msdmNameRef", \.msdmNameRef),
        Field("slicNameRef", \.slicNameRef),
    ]
}

/// `spec.domain.firmware.bootloader`.
package struct Bootloader: TableModel {
    package var bios: BIOS?
    package var efi: EFI?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<Bootloader> = [Field("bios", \.bios), Field("efi", \.efi)]
}

/// `spec.domain.firmware.bootloader.bios`.
package struct BIOS: TableModel {
    package var useSerial: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<BIOS> = [Field("useSerial", \.useSerial)]
}

/// `spec.domain.firmware.bootloader.efi`.
package struct EFI: TableModel {
    /// True where absent, as in KubeVirt.
    package var secureBoot: Bool?
    /// Whether its variables outlive the VMI.
    package var persistent: Bool?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<EFI> = [
        Field("secureBoot", \.secureBoot),
        Field("persistent", \.persistent).handled(by: "NodeAgent/Machine/FirmwareFiles"),
    ]
}

/// `spec.domain.firmware.kernelBoot`: a kernel that starts without a boot loader.
package struct KernelBoot: TableModel {
    package var container: KernelBootContainer?
    package var kernelArgs: String?
    package var unknownFields: [DocumentMember] = []

    package init() {}

    package static let table: FieldTable<KernelBoot> = [
        Field("container", \.container).handled(by: "Disks/DiskPreparer"),
        Field("kernelArgs", \.kernelArgs),
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

    package static let table: FieldTable<KernelBootContainer> = [
        Field("image", required: \.image),
        Field("imagePullPolicy", \.imagePullPolicy),
        Field("imagePullSecret", \.imagePullSecret),
        Field("initrdPath", \.initrdPath).handled(by: "DomainPlan/FirmwarePart"),
        Field("kernelPath", \.kernelPath).handled(by: "DomainPlan/FirmwarePart"),
    ]
}

/// When an image is fetched although it may be here already.
package enum ImagePullPolicy: String, FieldChoice {
    case always = "Always"
    case ifNotPresent = "IfNotPresent"
    case never = "Never"
}
