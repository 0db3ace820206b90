import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

@Suite struct DoctorTests {
    private static func report(
        _ folder: TemporaryFolder, accelerator: AcceleratorVerdict? = nil, libvirt: LibvirtFacts? = nil
    ) -> DoctorReport {
        Doctor.examine(
            DoctorContext(
                root: folder.root, host: Host(probing: folder.root),
                accelerator: accelerator ?? AcceleratorVerdict(verdict: .kvm, reason: .kvmWorks, message: "fast"),
                libvirt: libvirt
                    ?? LibvirtFacts(libraryVersion: "9.0.0", systemVersion: "9.0.0", hasEmbeddedDriver: true),
                folders: NodeFolders(root: folder.path)))
    }

    private static func check(_ report: DoctorReport, _ id: String) throws -> Capability {
        try #require(report.checks.first { $0.id == id })
    }

    @Test("every check has its own id, evidence, and a remedy unless it is well")
    func complete() throws {
        let folder = try TemporaryFolder()
        let report = Self.report(folder)
        #expect(Set(report.checks.map(\.id)).count == report.checks.count)
        for check in report.checks {
            #expect(!check.evidence.isEmpty)
            #expect([.ok, .unknown].contains(check.state) || check.remedy != nil, "\(check.id)")
        }
    }

    @Test(
        "files make a check well",
        arguments: [
            ("qemu", ["/usr/bin/qemu-system-x86_64"]),
            ("vfio", ["/dev/vfio/vfio", "/sys/bus/pci/drivers/vfio-pci/bind"]),
            ("vhost", ["/dev/vhost-net", "/dev/vhost-vsock"]), ("tun", ["/dev/net/tun"]),
            ("swtpm", ["/usr/bin/swtpm", "/usr/bin/swtpm_setup"]), ("qemu-img", ["/usr/bin/qemu-img"]),
            ("nftables", ["/usr/sbin/nft"]), ("skopeo", ["/usr/bin/skopeo"]),
            ("cni", ["/opt/cni/bin/bridge", "/etc/cni/net.d/10-net.conflist"]),
            ("iommu", ["/sys/kernel/iommu_groups/0/type"]),
            ("firmware", ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_CODE_4M.ms.fd"]),
            ("firmware", ["/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd"]),
        ])
    func files(id: String, files: [String]) throws {
        let folder = try TemporaryFolder()
        #expect(try Self.check(Self.report(folder), id).state == .missing)
        for file in files { try folder.write(file, "") }
        let check = try Self.check(Self.report(folder), id)
        #expect(check.state == .ok && check.remedy == nil, "\(check.evidence)")
    }

    @Test("half of a capability is degraded and names the other half")
    func degraded() throws {
        let folder = try TemporaryFolder()
        try folder.write("/dev/vhost-net", "")
        let vhost = try Self.check(Self.report(folder), "vhost")
        #expect(vhost.state == .degraded && vhost.remedy == "modprobe -a vhost_vsock")
    }

    @Test("VMs run emulated, but not without QEMU or libvirt")
    func canRun() throws {
        let folder = try TemporaryFolder()
        #expect(!Self.report(folder).canRunVirtualMachines)
        try folder.write("/usr/bin/qemu-system-x86_64", "")
        let emulated = AcceleratorVerdict(verdict: .emulation, reason: .kvmAbsent, message: "There is no /dev/kvm.")
        #expect(Self.report(folder, accelerator: emulated).canRunVirtualMachines)
        let none = LibvirtFacts(libraryVersion: nil, systemVersion: nil, hasEmbeddedDriver: false)
        #expect(!Self.report(folder, libvirt: none).canRunVirtualMachines)
        let broken = AcceleratorVerdict(unusable: .qemuCannotStart(binary: "q", problem: "exec format error"))
        #expect(!Self.report(folder, accelerator: broken).canRunVirtualMachines)
    }

    @Test("a libvirt whose daemon is silent is degraded with the embedded driver and missing without")
    func libvirt() throws {
        let folder = try TemporaryFolder()
        var facts = LibvirtFacts(
            libraryVersion: "9.0.0", systemVersion: nil, systemError: "connection refused", hasEmbeddedDriver: true)
        let silent = try Self.check(Self.report(folder, libvirt: facts), "libvirt")
        #expect(silent.state == .degraded && silent.evidence.contains("connection refused"))
        facts.hasEmbeddedDriver = false
        #expect(try Self.check(Self.report(folder, libvirt: facts), "libvirt").state == .missing)
    }

    @Test("libvirt's version is read from its library's name")
    func libvirtFiles() throws {
        let folder = try TemporaryFolder()
        try folder.link("/usr/lib64/libvirt.so.0", to: "libvirt.so.0.10001.2")
        #expect(LibvirtFacts(probing: folder.root).libraryVersion == "10.1.2")
    }

    @Test("JSON has the accelerator's verdict and the checks")
    func json() throws {
        struct Shape: Decodable {
            struct Accelerator: Decodable {
                var verdict: String
                var reason: String
                var message: String
            }
            var accelerator: Accelerator
            var checks: [Capability]
        }
        let folder = try TemporaryFolder()
        let report = Self.report(folder)
        let shape = try JSONDecoder().decode(Shape.self, from: JSONEncoder().encode(report))
        #expect(shape.accelerator.verdict == "kvm" && shape.accelerator.reason == "KVMWorks")
        #expect(shape.checks == report.checks)
    }

    @Test("the table is the same with and without colours, and fits 120 columns")
    func table() throws {
        let folder = try TemporaryFolder()
        let report = Self.report(folder)
        let plain = DoctorTable(report: report, colors: false).text
        var bare = DoctorTable(report: report, colors: true).text
        for code in ["0", "31", "32", "33"] { bare.replace("\u{1B}[\(code)m", with: "") }
        #expect(bare == plain)
        #expect(plain.split(separator: "\n").allSatisfy { $0.count <= 120 })
        #expect(plain.hasSuffix("VMs cannot run on this node: QEMU is missing.\n"))
        #expect(
            DoctorTable(report: report, colors: false, wide: true).text.split(separator: "\n").count == report.checks
                .count + 1)
    }

    @Test(
        "figures are short",
        arguments: [
            (0.14, "0.14"), (143.4, "143"), (1.62, "1.6"), (0.0031, "0.0031"), (0, "0"), (9.999, "10.0"),
            (-0.5, "-0.50"),
        ])
    func figures(value: Double, text: String) {
        #expect(significant(value) == text)
    }

    @Test(
        "sizes have the largest fitting unit",
        arguments: [(2048, "2 MiB"), (1_048_576, "1 GiB"), (3_670_016, "3.5 GiB"), (512, "512 KiB")])
    func sizes(kibibytes: UInt64, text: String) {
        #expect(size(kibibytes: kibibytes) == text)
    }
}
