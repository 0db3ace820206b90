import DomainPlan
import KubeVirtModel
import Testing

@testable import Networks

@Suite struct MACAddressTests {
    private static let uid = "5d307ca9-b3ef-428c-8861-06e72d69f223"

    @Test("an address stays the same in every version, so that a guest keeps its own")
    func stable() {
        #expect(MACAddress.stable(uid: Self.uid, interface: "default") == "02:a3:80:b3:49:a8")
    }

    @Test("addresses are local unicast ones, and differ by VMI and interface")
    func distinct() {
        var seen: Set<String> = []
        for vm in 0..<200 {
            for interface in ["a", "b", ""] {
                let mac = MACAddress.stable(uid: "\(vm)", interface: interface)
                #expect(mac.wholeMatch(of: /02(:[0-9a-f]{2}){5}/) != nil, "\(mac)")
                #expect(seen.insert(mac).inserted)
            }
        }
    }

    @Test("an interface's own address stands, and another gets a stable one")
    func prepared() throws {
        let instance = try instance(
            interfaces: "[{name: a, masquerade: {}, macAddress: 02:00:00:00:00:01}, {name: b, masquerade: {}}]")
        let prepared = try UserModeNetwork.prepare(instance)
        #expect(prepared["a"]?.mac == "02:00:00:00:00:01")
        #expect(prepared["b"]?.mac == MACAddress.stable(uid: Self.uid, interface: "b"))
        #expect(prepared.count == 2)
    }
}
