import DomainModel
import Testing

@testable import DomainPlan

@Suite struct ExplainIdentityTests {
    private func steps(_ xml: String) throws -> [String] {
        ElementIdentity.places(of: try XMLReader.read("<a>\(xml)</a>").children).map(\.step)
    }

    @Test(
        "an element is known by what tells it from its neighbours",
        arguments: [
            ("<disk><target dev='vda'/><alias name='ua-root'/></disk>", ["disk[root]"]),
            ("<disk><target dev='vda'/></disk>", ["disk[vda]"]),
            ("<disk><target dev='vda'/><alias name='ua-'/></disk>", ["disk[ua-]"]),
            ("<controller type='usb' index='0'/>", ["controller[usb0]"]),
            ("<controller type='pci'/><controller type='pci'/>", ["controller[pci][0]", "controller[pci][1]"]),
            ("<timer name='pit'/><timer name='rtc'/>", ["timer[pit]", "timer[rtc]"]),
            ("<entry name='uuid'>1</entry>", ["entry[uuid]"]),
            ("<vcpupin vcpu='3' cpuset='7'/>", ["vcpupin[3]"]),
            ("<vcpu id='0'/><vcpu id='1'/>", ["vcpu[0]", "vcpu[1]"]),
            ("<vcpu placement='static'>4</vcpu>", ["vcpu"]),
            ("<channel><target name='org.qemu.guest_agent.0'/></channel>", ["channel[org.qemu.guest_agent.0]"]),
            ("<filesystem><target dir='data'/></filesystem>", ["filesystem[data]"]),
            ("<panic model='isa'/>", ["panic"]),
            ("<panic model='isa'/><panic model='hyperv'/>", ["panic[0]", "panic[1]"]),
        ])
    func identity(xml: String, expected: [String]) throws {
        #expect(try steps(xml) == expected)
    }

    @Test("two elements with one identity are told apart by their order")
    func duplicates() throws {
        let disk = "<disk><alias name='ua-a'/></disk>"
        #expect(try steps(disk + disk) == ["disk[a][0]", "disk[a][1]"])
    }

    @Test("an element between others does not change their identities")
    func order() throws {
        func identities(_ names: [String]) throws -> Set<String> {
            let xml = names.map { "<interface><alias name='ua-\($0)'/></interface>" }.joined()
            return Set(ElementIdentity.places(of: try XMLReader.read("<a>\(xml)</a>").children).map(\.identity))
        }
        #expect(try identities(["b", "x", "a"]).isSuperset(of: identities(["a", "b"])))
    }
}
