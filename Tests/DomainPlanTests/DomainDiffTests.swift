import DomainModel
import KubeVirtModel
import KubernetesModel
import Testing

@testable import DomainPlan

@Suite struct DomainDiffTests {
    private static let old = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: web
          labels: {app: web}
        spec:
          terminationGracePeriodSeconds: 10
          domain:
            cpu: {cores: 2, maxSockets: 2}
            memory: {guest: 64Mi}
            devices:
              rng: {}
              disks:
                - name: root
                  disk: {bus: virtio}
                  cache: none
                - name: tools
                  cdrom: {bus: sata}
          volumes:
            - name: root
              emptyDisk: {capacity: 1Gi}
            - name: tools
              containerDisk: {image: "example.com/tools:1"}
        """

    private static let new = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: web
          labels: {app: shop}
        spec:
          terminationGracePeriodSeconds: 20
          domain:
            cpu: {cores: 2, maxSockets: 2, sockets: 2}
            memory: {guest: 64Mi}
            devices:
              disks:
                - name: data
                  disk: {bus: virtio}
                - name: root
                  disk: {bus: virtio}
                  cache: writeback
                - name: tools
                  cdrom: {bus: sata}
          volumes:
            - name: data
              emptyDisk: {capacity: 1Gi}
            - name: root
              emptyDisk: {capacity: 1Gi}
            - name: tools
              containerDisk: {image: "example.com/tools:2"}
        """

    private func difference(_ old: String, _ new: String) throws -> DomainDiff {
        let before = try Explain.compiled(old)
        let after = try Explain.compiled(new)
        return try difference(before, after.instance, wrote: new)
    }

    /// As the command compares: the newer VMI takes the place of the running one.
    private func difference(
        _ before: (instance: VirtualMachineInstance, explanation: Explanation), _ next: VirtualMachineInstance,
        wrote new: String
    ) throws -> DomainDiff {
        func plan(_ instance: VirtualMachineInstance) throws -> DomainPlan {
            let request = PlanRequest(
                instance: instance, accelerator: .kvm,
                resources: .nominal(for: instance, images: "/images", folder: "/vm"), isExplaining: true)
            return try DomainPlan(request)
        }
        let instance = next.succeeding(before.instance, as: try plan(before.instance).domain)
        let explanation = try Explanation(
            plan(instance), of: instance, wrote: WrittenFields(try Explain.document(new)))
        return DomainDiff(before.explanation, explanation)
    }

    @Test("a change is told field by field, with what each takes")
    func golden() throws {
        #expect(Explain.lines(try difference(Self.old, Self.new).text) == Explain.lines(Self.expected))
    }

    private static let expected = """
        spec.domain.cpu.sockets: not set -> 2 (line 9)
          ~ vcpus/vcpu[2]@enabled (and 1 like it) no -> yes         live: virDomainSetVcpusFlags, in place: no migration
        spec.domain.devices.disks[1].cache: none -> writeback (line 17)
          ~ devices/disk[root]/driver@cache none -> writeback       restart: libvirt changes no more of a running disk than its
                                                                      medium
        spec.domain.devices.rng: {} -> not set (line 12 of the old file)
          - devices/rng                                             live: virDomainDetachDeviceFlags; the guest must let go of
                                                                      it
        spec.domain.devices.disks[0]: added (line 13)
        spec.volumes[0]: added (line 21)
          + devices/disk[data]                                      live: virDomainAttachDeviceFlags into a free PCIe port
        spec.volumes[2].containerDisk.image: example.com/tools:1 -> example.com/tools:2 (line 26)
          ~ devices/disk[tools] (other contents)                    live: virDomainUpdateDeviceFlags: another medium
        no change of the domain
          spec.terminationGracePeriodSeconds: 10 -> 20 (line 7)
          metadata.labels[app]: web -> shop (line 5)
        needs a restart
        """

    @Test("a file is no change of itself, in whatever order its lists are")
    func same() throws {
        let same = try difference(Self.old, Self.old)
        #expect(same.text == "nothing changes\n")
        #expect(same.result == nil)
        let back = try difference(Self.new, Self.new.replacing("sockets: 2}", with: "sockets: 2 }"))
        #expect(back.groups.isEmpty)
    }

    @Test(
        "fields that no domain is made from change nothing",
        arguments: [
            "nodeSelector: {disk: ssd}", "livenessProbe: {tcpSocket: {port: 80}}", "evictionStrategy: None",
            "hostname: other",
        ])
    func silent(field: String) throws {
        let difference = try difference(Self.old, Self.old.replacing("spec:\n", with: "spec:\n  \(field)\n"))
        #expect(difference.result == nil)
        #expect(difference.silent.count == 1)
        #expect(difference.summary == "nothing changes")
    }

    @Test("a rule that a field set off is told below that field")
    func rules() throws {
        let new = Self.old.replacing("      rng: {}", with: "      rng: {}\n      disableHotplug: true")
        let difference = try difference(Self.old, new)
        #expect(difference.groups.count == 1)
        #expect(difference.groups.first?.fields.map(\.path) == ["spec.domain.devices.disableHotplug"])
        #expect(difference.result == .restart)
        #expect(difference.silent.isEmpty)
    }

    @Test("an image behind a disk is a change of the disk, though the domain names the same file")
    func contents() throws {
        let difference = try difference(
            Self.old, Self.old.replacing("{capacity: 1Gi}", with: "{capacity: 2Gi}"))
        #expect(difference.result == .restart)
        #expect(difference.groups.first?.verdicts.first?.change.path == "devices/disk[root]")
    }

    @Test("another name is another VM")
    func renamed() throws {
        var difference = try difference(Self.old, Self.old.replacing("name: web", with: "name: shop"))
        difference.addRenaming(from: "default/web", to: "default/shop")
        #expect(difference.result == .recreate)
        #expect(difference.text.hasPrefix("metadata.name: default/web -> default/shop\n"))
    }

    @Test("programs get each change with its class, and each field once")
    func json() throws {
        let document = try difference(Self.old, Self.new).document(of: "default/web")
        #expect(document["result"]?.text == "restart")
        guard case .array(let changes) = document["changes"]?.value, case .array(let fields) = document["fields"]?.value
        else {
            Issue.record("changes and fields are lists")
            return
        }
        #expect(changes.count == 6)
        #expect(changes.first?["class"]?.text == "live")
        #expect(changes.first?["cause"]?.text == "spec.domain.cpu.sockets")
        #expect(Set(fields.compactMap { $0["field"]?.text }).count == fields.count)
        #expect(fields.count == 8)
    }

    @Test("thousands of elements are explained and compared in no more than a moment", .timeLimit(.minutes(10)))
    func many() throws {
        func explanation(_ numbers: Range<Int>) throws -> Explanation {
            let disks = numbers.map { "<disk><driver cache='\($0 % 2)'/><alias name='ua-d\($0)'/></disk>" }.joined()
            let names = numbers.map { "{name: d\($0), cache: none}" }.joined(separator: ", ")
            let inputs = numbers.map { _ in "<input/>" }.joined()
            let causes = numbers.map {
                PlanCause(element: "devices/disk[d\($0)]", reason: .field("spec.disks[d\($0)].cache"))
            }
            return Explanation(
                try XMLReader.read("<domain><devices>\(disks)\(inputs)</devices></domain>"),
                causes: causes + [PlanCause(element: "devices/input", reason: .field("spec.disks"))],
                try Explain.resolver("spec: {disks: [\(names)]}"))
        }
        let difference = DomainDiff(try explanation(0..<2_000), try explanation(1_000..<3_000))
        #expect(difference.groups.flatMap(\.verdicts).count == 2_000)
        #expect(difference.text.hasSuffix("needs a restart\n"))
        #expect(DocumentWriter.json(difference.document(of: "default/web")).count > 100_000)
    }
}
