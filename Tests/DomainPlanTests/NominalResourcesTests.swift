import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct NominalResourcesTests {
    @Test("every volume and interface has a place, so that convert shows any sound VMI")
    func complete() throws {
        let instance = try Plans.instance(
            """
            firmware: {bootloader: {efi: {secureBoot: false}}, kernelBoot: {container: {image: a, \
            kernelPath: /boot/vmlinuz, initrdPath: /boot/initrd}}}
            """,
            spec: """
                volumes:
                - {name: image, containerDisk: {image: a}}
                - {name: scratch, emptyDisk: {capacity: 1Gi}}
                - {name: host, hostDisk: {path: /data/x.img, type: Disk}}
                - {name: layer, ephemeral: {persistentVolumeClaim: {claimName: claim}}}
                - {name: seed, cloudInitNoCloud: {userData: x}}
                """)
        let resources = PreparedResources.nominal(for: instance, images: "/images", folder: "/vm")
        let plan = try DomainPlan(PlanRequest(instance: instance, accelerator: .kvm, resources: resources))
        #expect(
            plan.domain.devices.disks.map { $0.source?.path } == [
                "/vm/disks/image.qcow2", "/vm/disks/scratch.qcow2", "/data/x.img", "/vm/disks/layer.qcow2",
                "/vm/disks/seed.iso",
            ])
        #expect(
            plan.domain.devices.disks.map { $0.source?.backing.map(\.path) } == [
                ["/images/image"], [], [], ["/images/claim"], [],
            ])
        #expect(
            plan.domain.os.kernel == "/images/kernel-boot/vmlinuz"
                && plan.domain.os.initrd == "/images/kernel-boot/initrd")
        #expect(plan.domain.os.loader?.secure == false && plan.domain.os.loader?.variables == "/vm/nvram.fd")
        #expect(plan.domain.devices.interfaces.count == 1)
    }
}
