import DomainModel
import Testing

@testable import DomainPlan

@Suite struct LaunchSecurityPartTests {
    private static let efi = "firmware: {bootloader: {efi: {secureBoot: false}}}"

    @Test(
        "encrypted guests have the policy of their kind, and what libvirt 9 cannot start blocks the start",
        arguments: [
            ("{sev: {}}", "launchSecurity type=sev {policy: 0x1}", nil),
            ("{sev: {policy: {encryptedState: true}}}", "launchSecurity type=sev {policy: 0x5}", nil),
            ("{sev: {policy: {encryptedState: false}}}", "launchSecurity type=sev {policy: 0x1}", nil),
            (
                "{sev: {dhCert: YQ==, session: Yg==}}",
                "launchSecurity type=sev {policy: 0x1} {dhCert: YQ==} {session: Yg==}", nil
            ),
            ("{snp: {}}", "launchSecurity type=sev-snp {policy: 0x30000}", "libvirt 10.5"),
            ("{tdx: {}}", "launchSecurity type=tdx", "libvirt 11.6"),
        ] as [(String, String, String?)])
    func kinds(security: String, line: String, needs: String?) throws {
        let plan = try Plans.plan("\(Self.efi)\nlaunchSecurity: \(security)")
        #expect(try plan.line("launchSecurity") == line)
        #expect(plan.reasons == (needs == nil ? [] : ["NeedsNewerLibvirt"]))
        #expect(plan.warnings.allSatisfy { $0.isBlocking && $0.field == "spec.domain.launchSecurity" })
        if let needs { #expect(plan.warnings.first?.message.contains(needs) == true) }
    }

    @Test(
        "software emulation encrypts nothing, says so, and needs no newer libvirt for it",
        arguments: ["sev", "snp", "tdx"])
    func emulation(kind: String) throws {
        let plan = try Plans.plan("\(Self.efi)\nlaunchSecurity: {\(kind): {}}", .emulation)
        #expect(try plan.line("launchSecurity") == nil)
        #expect(plan.reasons == ["LaunchSecurityDropped"])
        #expect(plan.warnings.allSatisfy { $0.field == "spec.domain.launchSecurity" && !$0.isBlocking })
    }

    @Test(
        "virtio devices of a guest with AMD's encryption go through its IOMMU, and no others do",
        arguments: [("{sev: {}}", true), ("{snp: {}}", true), ("{tdx: {}}", false)])
    func devices(security: String, isOn: Bool) throws {
        let plan = try Plans.plan(
            """
            \(Self.efi)
            launchSecurity: \(security)
            devices: {rng: {}, interfaces: [{name: net}, {name: old, model: e1000, bridge: {}}], disks: \
            [{name: root, disk: {bus: virtio}}, {name: data, disk: {bus: sata}}]}
            """,
            spec:
                """
                networks: [{name: net, pod: {}}, {name: old, multus: {networkName: a}}]
                volumes: [{name: root, emptyDisk: {capacity: 1Gi}}, {name: data, emptyDisk: {capacity: \
                1Gi}}]
                """
        )
        let iommu: Bool? = isOn ? true : nil
        let devices = plan.domain.devices
        #expect(devices.disks.map(\.driverIOMMU) == [iommu, nil])
        #expect(devices.interfaces.map(\.driverIOMMU) == [iommu, nil])
        #expect(devices.rng?.driverIOMMU == iommu && devices.memballoon?.driverIOMMU == iommu)
        #expect(devices.controllers.filter { $0.type == "scsi" }.map { $0.driver?.iommu } == [iommu])
        #expect(devices.controllers.filter { $0.type == "virtio-serial" }.map { $0.driver?.iommu } == [iommu])
        #expect(devices.controllers.first { $0.type == "usb" }?.driver == nil)
    }
}
