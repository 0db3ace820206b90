import DomainModel
import HostModel
import NodeAgent
import SystemPackage

/// A host as libvirt 9.0 tells of it, cut down.
enum NodeFixtures {
    static let capabilities = """
        <capabilities><host><cpu><arch>x86_64</arch><vendor>AMD</vendor>
        <counter name='tsc' frequency='2445424000' scaling='no'/></cpu></host>
        <guest><os_type>hvm</os_type><arch name='i686'><machine>isapc</machine></arch></guest>
        <guest><os_type>hvm</os_type><arch name='x86_64'><machine maxCpus='255'>pc-i440fx-7.2</machine>
        <machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine>
        <machine maxCpus='255' deprecated='yes'>pc-i440fx-1.5</machine></arch></guest></capabilities>
        """
    static let domainCapabilities = """
        <domainCapabilities><cpu><mode name='host-passthrough' supported='no'/>
        <mode name='host-model' supported='yes'><model fallback='forbid'>EPYC</model><vendor>AMD</vendor>
        <feature policy='require' name='erms'/><feature policy='disable' name='vme'/></mode>
        <mode name='custom' supported='yes'><model usable='yes' vendor='unknown'>qemu64</model>
        <model usable='no' vendor='AMD'>EPYC-Rome</model><model usable='yes' vendor='Intel'>Westmere</model></mode></cpu>
        <features><sev supported='yes'><maxESGuests>4</maxESGuests></sev>
        <hyperv supported='yes'><enum name='features'><value>stimer</value><value>vendor_id</value></enum></hyperv>
        </features></domainCapabilities>
        """

    static func facts(_ choice: AcceleratorVerdict.Choice? = .kvm) throws -> NodeFacts {
        let cpus = (0..<2).map { HostCPU(id: $0, socket: 0, core: $0, siblings: CPUSet([$0])) }
        let host = Host(
            kernel: Kernel(release: "6.1.0", bootID: "boot", commandLine: []),
            cgroup: CgroupLayout(probing: HostRoot("/nonexistent")), cpus: cpus, cells: [], memoryKiB: 8_388_608,
            memoryAvailableKiB: 1, pciDevices: [], hugepages: [HugepagePool(sizeKiB: 2048, total: 4, free: 4)])
        var facts = NodeFacts(name: "n1", host: host)
        facts.capabilities = try LibvirtCapabilities(xml: capabilities)
        facts.domainCapabilities = try DomainCapabilities(xml: domainCapabilities)
        facts.verdict = choice.map { choice in
            AcceleratorVerdict(
                verdict: choice, reason: choice == .kvm ? .kvmWorks : .kvmAbsent, message: "measured",
                remedy: choice == .kvm ? nil : "load the module")
        }
        return facts
    }
}
