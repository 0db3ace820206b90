import DomainModel
import KubernetesModel
import Testing

@testable import DomainPlan

@Suite struct ExplainTextTests {
    static let document = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: web}
        spec:
          domain:
            cpu: {cores: 2}
            memory: {guest: 64Mi}
            devices:
              disableHotplug: true
              autoattachGraphicsDevice: false
              disks:
                - name: root
                  disk: {bus: virtio}
                  cache: writeback
          volumes:
            - name: root
              emptyDisk: {capacity: 1Gi}
        """

    @Test("a VMI is explained line by line")
    func golden() throws {
        let text = try Explain.compiled(Self.document).explanation.text
        for line in Self.expected.split(separator: "\n") { #expect(text.contains("\(line)\n"), "\(line)") }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    private static let expected = """
          name default_web                                          metadata.name: web (line 3)
          memory unit=b 67108864                                    spec.domain.memory.guest: 64Mi (line 7)
          cpu mode=host-model                                       default of spec.domain.cpu.model: host-model
            topology
              @sockets=1                                            default of spec.domain.cpu.sockets: 1
              @cores=2                                              spec.domain.cpu.cores: 2 (line 6)
              @threads=1                                            default of spec.domain.cpu.threads: 1
            disk[root] type=file device=disk                        spec.domain.devices.disks[0] (line 12)
                @cache=writeback                                    spec.domain.devices.disks[0].cache: writeback (line 14)
              source file=/vm/disks/root.qcow2                      spec.volumes[root] (line 16)
                @dev=vda                                            rule: the next free name on its bus
                @bus=virtio                                         spec.domain.devices.disks[0].disk.bus: virtio (line 13)
            serial type=unix                                        default of spec.domain.devices.autoattachSerialConsole
        """

    @Test("neighbours that look the same share a line")
    func twins() throws {
        let port = "<controller type='pci' model='pcie-root-port'/>"
        let text = try Explain.explanation("<devices>\(port)\(port)\(port)<rng/></devices>").text
        let lines = Explain.lines(text)
        #expect(lines.contains("controller[pci] (3 times) type=pci rule: the same for every VM"))
    }

    @Test("long words, controls and many words stay within the columns")
    func wrapping() throws {
        let long = String(repeating: "x", count: 300)
        let xml = """
            <name>\(long)</name><title>a&#10;b&#155;2J</title><os a1='11111111' a2='22222222' a3='33333333' a4='44444444'
            a5='55555555'/><empty value=''/>
            """
        let text = try Explain.explanation(xml, ["os": .rule(String(repeating: "word ", count: 40) + long)]).text
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
        #expect(text.contains("a\\nb\\u{9b}2J"))
        #expect(text.contains("empty value=''"))
        #expect(!text.contains("\u{9b}"))
    }

    @Test("the warnings of the plan stand at the end")
    func warnings() throws {
        let warning = PlanWarning(reason: "R", field: "spec.domain.cpu", message: "not to be had")
        let long = PlanWarning(reason: "R", field: "spec", message: String(repeating: "word ", count: 50))
        let explanation = Explanation(
            .init("domain"), causes: [], warnings: [long, warning], try Explain.resolver("{}"))
        #expect(explanation.text.hasSuffix("warning: spec.domain.cpu: not to be had\n"))
        #expect(explanation.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }
}
