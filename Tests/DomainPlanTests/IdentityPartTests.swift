import DomainModel
import KubeVirtModel
import KubernetesModel
import Testing

@testable import DomainPlan

@Suite struct IdentityPartTests {
    @Test(
        "a VMI is named, identified and typed by the accelerator",
        arguments: [(PlanAccelerator.kvm, DomainType.kvm), (.emulation, .qemu)])
    func identity(accelerator: PlanAccelerator, type: DomainType) throws {
        let domain = try Plans.plan("", accelerator).domain
        #expect(domain.type == type)
        #expect(domain.name == "default_web")
        #expect(domain.uuid == "5d307ca9-b3ef-428c-8861-06e72d69f223")
        #expect(domain.sysinfo?.system.first == SMBIOSEntry("uuid", "5d307ca9-b3ef-428c-8861-06e72d69f223"))
        #expect(domain.sysinfo?.system.contains(SMBIOSEntry("manufacturer", "KubeVirt")) == true)
        #expect(domain.os.smbiosFromSysinfo)
    }

    @Test("the strings of the machine are those that KubeVirt's guests know")
    func strings() throws {
        let plan = try Plans.plan("firmware: {serial: abc}")
        #expect(
            try plan.lines("sysinfo/system/entry") == [
                "entry name=uuid: 5d307ca9-b3ef-428c-8861-06e72d69f223", "entry name=serial: abc",
                "entry name=manufacturer: KubeVirt", "entry name=family: KubeVirt", "entry name=product: None",
                "entry name=sku", "entry name=version",
            ])
        #expect(try plan.lines("sysinfo/chassis").isEmpty)
    }

    @Test("a chassis has all its strings, those that the user leaves out empty")
    func chassis() throws {
        let plan = try Plans.plan("chassis: {manufacturer: ACME, sku: '7'}")
        #expect(
            try plan.lines("sysinfo/chassis/entry") == [
                "entry name=manufacturer: ACME", "entry name=version", "entry name=serial", "entry name=asset",
                "entry name=sku: 7",
            ])
    }

    @Test("the firmware's UUID and serial stand above the VMI's uid, an empty serial is none")
    func firmware() throws {
        let domain = try Plans.plan("firmware: {uuid: AAAAAAAA-b3ef-428c-8861-06e72d69f223, serial: WD-1.a_b}").domain
        #expect(domain.uuid == "aaaaaaaa-b3ef-428c-8861-06e72d69f223")
        #expect(domain.sysinfo?.system.contains(SMBIOSEntry("serial", "WD-1.a_b")) == true)
        let empty = try Plans.plan("firmware: {serial: ''}").domain
        #expect(empty.sysinfo?.system.contains { $0.name == "serial" } == false)
    }

    @Test("the label of QEMU's user and the metadata are the request's")
    func request() throws {
        let instance = try Plans.instance("")
        let plan = try DomainPlan(Plans.request(instance, securityLabel: SecurityLabel(uid: 64055, gid: 993)))
        #expect(plan.domain.securityLabel == SecurityLabel(uid: 64055, gid: 993))
        #expect(try DomainPlan(Plans.request(instance)).domain.securityLabel == nil)
    }

    @Test("names as long as Kubernetes allows give names that libvirt can make files of, each its own")
    func longNames() throws {
        func name(_ name: String) throws -> String {
            var instance = try Plans.instance("", name: name)
            instance.metadata.namespace = String(repeating: "n", count: 63)
            return try DomainPlan(Plans.request(instance)).domain.name
        }
        let long = String(repeating: "a", count: 252)
        let (first, second) = (try name("\(long)a"), try name("\(long)b"))
        #expect(first.utf8.count <= 200 && second.utf8.count <= 200 && first != second)
        #expect(first.hasPrefix(String(repeating: "n", count: 63) + "_aaa"))
    }
}
