import DomainModel
import KubeVirtModel
import Testing

@testable import DomainPlan

@Suite struct FirmwarePartTests {
    @Test(
        "the machine is q35 unless the user names one",
        arguments: [
            ("", "q35"), ("machine: {type: ''}", "q35"), ("machine: {type: pc-q35-7.2}", "pc-q35-7.2"),
        ])
    func machine(domain: String, machine: String) throws {
        #expect(try Plans.plan(domain).lines("os/type") == ["type arch=x86_64 machine=\(machine): hvm"])
    }

    @Test(
        "the BIOS writes to the serial port where it is told to",
        arguments: [
            ("", nil), ("firmware: {bootloader: {bios: {}}}", nil),
            ("firmware: {bootloader: {bios: {useSerial: true}}}", "bios useserial=yes"),
        ] as [(String, String?)])
    func bios(domain: String, line: String?) throws { #expect(try Plans.plan(domain).line("os/bios") == line) }

    @Test(
        "UEFI is the firmware that was made ready, and secure unless declined",
        arguments: [("{}", true), ("{secureBoot: true}", true), ("{secureBoot: false}", false)])
    func uefi(efi: String, isSecure: Bool) throws {
        let smm = isSecure ? "\nfeatures: {smm: {}}" : ""
        let instance = try Plans.instance("firmware: {bootloader: {efi: \(efi)}}\(smm)")
        let nominal = PreparedResources.nominal(for: instance, images: "/images", folder: "/vm")
        let plan = try DomainPlan(Plans.request(instance) { $0.firmware = nominal.firmware })
        let loader = try #require(try plan.line("os/loader"))
        #expect(loader.hasPrefix("loader readonly=yes secure=\(isSecure ? "yes" : "no") type=pflash: /usr/share/OVMF/"))
        #expect(loader.hasSuffix(".secboot.fd") == isSecure)
        #expect(try plan.line("os/nvram")?.hasSuffix(": /vm/nvram.fd") == true)
        #expect(try Plans.plan("").line("os/loader") == nil)
    }

    @Test("a kernel boots with its arguments, and only with a kernel")
    func kernel() throws {
        let domain = "firmware: {kernelBoot: {container: {image: a, kernelPath: /k}, kernelArgs: 'a=\"<b>\"'}}"
        #expect(try Plans.plan(domain).domain.os.commandLine == nil)
        let os = try Plans.plan(domain, resources: { $0.kernel = PreparedKernel(kernel: "/h/k", initrd: "/h/i") })
            .domain.os
        #expect(os.kernel == "/h/k" && os.initrd == "/h/i" && os.commandLine == "a=\"<b>\"")
    }

    @Test("the one ACPI table that libvirt knows is the file of the secret that the VMI names")
    func tables() throws {
        let plan = try Plans.plan(
            "firmware: {acpi: {slicNameRef: licence, msdmNameRef: key}}",
            spec: "volumes: [{name: licence, secret: {secretName: a}}, {name: key, secret: {secretName: b}}]",
            resources: { $0.acpiTables = ["licence": "/acpi/licence", "key": "/acpi/key"] })
        #expect(try plan.line("os/acpi") == "acpi {table type=slic: /acpi/licence/slic.bin}")
        #expect(plan.warnings.map(\.reason) == ["MSDMTableDropped"])
    }

    @Test("a VMI that starts paused waits ten seconds in the boot menu")
    func paused() throws {
        #expect(
            try Plans.plan("", spec: "startStrategy: Paused").line("os/bootmenu") == "bootmenu enable=yes timeout=10000"
        )
        #expect(try Plans.plan("").line("os/bootmenu") == nil)
    }

    @Test(
        "a reboot is left to libvirt, a stop or a restart",
        arguments: [("", nil), ("rebootPolicy: Terminate", .destroy), ("rebootPolicy: Reboot", .restart)]
            as [(String, LifecycleAction?)])
    func reboot(policy: String, action: LifecycleAction?) throws {
        #expect(try Plans.plan(policy).domain.onReboot == action)
    }

    @Test("an Ignition document reaches the guest as a file of the firmware")
    func ignition() throws {
        let plan = try Plans.plan("", resources: { $0.ignitionFile = "/vm/ignition.json" })
        #expect(
            plan.domain.qemuArguments == ["-fw_cfg", "name=opt/com.coreos/config,file=/vm/ignition.json"])
        #expect(try Plans.plan("").domain.qemuArguments.isEmpty)
        let instance = try Plans.instance("", annotations: ["kubevirt.io/ignitiondata": "{}"])
        #expect(
            PreparedResources.nominal(for: instance, images: "/i", folder: "/vm").ignitionFile == "/vm/ignition.json")
    }
}
