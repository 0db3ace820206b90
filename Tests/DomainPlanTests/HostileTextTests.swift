import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct HostileTextTests {
    private static let hostile = [
        "</cmdline><evil/>", "\"/><evil x=\"", "a & b &lt; &#0;", "]]><!--", "line\nline\r\n\tline", "'\"`$(x)`'", "é😀",
    ]

    @Test("whatever a tenant writes reaches libvirt as text, and changes nothing around it", arguments: hostile)
    func staysText(text: String) throws {
        let plain = try elements("x")
        let written = try elements(text)
        #expect(Self.shape(written) == Self.shape(plain))
        #expect(written["os"]?["cmdline"]?.text == text)
        #expect(written["os"]?["kernel"]?.text == "/img/\(text)")
        #expect(written["sysinfo"]?["chassis"]?.children.map(\.text) == Array(repeating: text, count: 5))
        #expect(written["sysinfo"]?["system"]?.children.contains { $0.text == text } == true)
        #expect(written["devices"]?["disk"]?["source"]?.attributes == ["file": "/d/\(text)"])
        #expect(written["devices"]?["serial"]?["source"]?.attributes["path"] == "/s/\(text)")
    }

    /// A domain that holds `text` wherever a tenant's text, or a path made of one, can stand.
    private func elements(_ text: String) throws -> XMLElement {
        var instance = try Plans.instance(
            """
            firmware: {serial: x, kernelBoot: {container: {image: a, kernelPath: /k}, kernelArgs: x}}
            chassis: {asset: x}
            """,
            spec: "volumes: [{name: root, emptyDisk: {capacity: 1Gi}}]")
        instance.spec.domain.firmware?.serial = text
        instance.spec.domain.firmware?.kernelBoot?.kernelArgs = text
        var chassis = Chassis()
        (chassis.asset, chassis.manufacturer, chassis.serial, chassis.sku, chassis.version) = (
            text, text, text, text, text
        )
        instance.spec.domain.chassis = chassis
        let request = Plans.request(instance) { resources in
            resources.disks["root"]?.source.path = "/d/\(text)"
            resources.serialSocket = "/s/\(text)"
            resources.kernel = PreparedKernel(kernel: "/img/\(text)", initrd: nil)
        }
        return try XMLReader.read(try DomainPlan(request).domain.xml().text)
    }

    private static func shape(_ element: XMLElement) -> String {
        """
        \(element.name)\(element.attributes.map(\.name).sorted())(\(element.children.map(shape).joined(separator: ",")))
        """
    }
}
