import DomainPlan
import KubeVirtModel
import Networks
import TestSupport
import Testing

@testable import DomainModel
@testable import Libvirt
@testable import NodeAgent

/// What libvirt and QEMU say: other programs change domains too, and a monitor's answer is a text.
@Suite struct DomainFuzzTests {
    static let live = """
        <domain type='kvm' id='1'>
          <name>default_hello</name>
          <uuid>5d307ca9-b3ef-428c-8861-06e72d69f223</uuid>
          <memory unit='KiB'>65536</memory>
          <vcpu placement='static' current='1' cpuset='0-3'>2</vcpu>
          <iothreads>1</iothreads>
          <cputune><vcpupin vcpu='0' cpuset='0-1'/><vcpupin vcpu='1' cpuset='2'/></cputune>
          <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
          <devices>
            <disk type='file' device='disk'><target dev='vda' bus='virtio'/><alias name='ua-root'/></disk>
            <interface type='user'><mac address='52:54:00:00:00:01'/><target dev='tap0'/><link state='up'/>
              <alias name='ua-default'/></interface>
            <serial type='unix'><source mode='bind' path='/run/x/console'/></serial>
            <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel>
            <graphics type='vnc' socket='/run/x/vnc'><listen type='socket' socket='/run/x/vnc'/></graphics>
          </devices>
        </domain>
        """
    private static let metadata = [
        "<virt-node:instance xmlns:virt-node=\"https://virt-node.io/v1\" schema=\"1\" "
            + "uid=\"5d307ca9-b3ef-428c-8861-06e72d69f223\" namespace=\"default\" name=\"hello\" generation=\"1\" "
            + "owner=\"serve:/run/virt-node/serve\" boot=\"b\" placement=\"{&quot;cells&quot;:[]}\"/>",
        "<instance schema='1' uid='../../../etc' owner='run:/x'/>", "<instance schema='2' uid='a' owner='b'/>",
    ]
    private static let capabilities = [
        """
        <capabilities><host><cpu><arch>x86_64</arch><vendor>AMD</vendor>
        <counter name='tsc' frequency='2450000000' scaling='yes'/></cpu></host>
        <guest><os_type>hvm</os_type><arch name='x86_64'><machine maxCpus='255'>pc-q35-7.2</machine>
        <machine canonical='pc-q35-7.2' maxCpus='288' deprecated='yes'>q35</machine></arch></guest></capabilities>
        """,
        """
        <domainCapabilities><cpu><mode name='host-model' supported='yes'><model fallback='forbid'>EPYC</model>
        <vendor>AMD</vendor><feature policy='require' name='x2apic'/></mode><mode name='custom' supported='yes'>
        <model usable='yes'>qemu64</model></mode></cpu><features><hyperv supported='yes'><enum name='features'>
        <value>relaxed</value></enum></hyperv><sev supported='yes'><maxESGuests>9</maxESGuests></sev></features>
        </domainCapabilities>
        """,
    ]
    private static let tokens = [
        "<", ">", "/>", "</domain>", "<a>", "</a>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&#0;", "&#x110000;",
        "&lol;",
        "<!DOCTYPE x [<!ENTITY l \"l\">]>", "<?xml version='1.0'?>", "='", "xmlns:a='b' ", "9223372036854775807",
        "18446744073709551616", "0-8191", "0-99999999", "<disk>", "ua-", "../", "'", "\"", "\u{0}", "é",
    ].map { Array($0.utf8) }

    /// Real domains: those that the VMIs of the corpus compile to.
    private static let domains: [String] = Corpus.specimens.flatMap { Pipeline.read($0.text).accepted }.compactMap {
        guard case .domain(let compiled) = Pipeline.compile($0, .kvm) else { return nil }
        return compiled.text
    }

    @Test("a domain that somebody changed is read and says the same when it is written, or is refused with its place")
    func documents() async {
        let donors = (Self.domains + [Self.live]).map { Array($0.utf8) }
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: donors, tokens: Self.tokens)
        var log = FuzzLog("domains")
        for await round in FuzzSettings.rounds(200) {
            let input = mutator.next()
            log.run(round, input) {
                let text = String(decoding: input, as: UTF8.self)
                var outcome = Outcome.refused
                do throws(XMLError) {
                    let written = try Domain(xml: text).xml().text
                    let again = try Domain(xml: written).xml().text
                    outcome = .accepted(written == again ? [] : ["it is another domain when it is read again"])
                } catch { outcome = .refused(error) }
                do throws(XMLError) {
                    let live = try LiveDomain(text)
                    let isSound = live.memoryBytes >= 0 && live.vcpus >= 0 && live.ioThreads >= 0
                    if !isSound { outcome.faults.append("it has \(live.memoryBytes) bytes and \(live.vcpus) vCPUs") }
                } catch { outcome.faults += Outcome.refused(error).faults }
                return outcome
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    @Test(
        "no number of a live domain ends the process", arguments: ["9223372036854775807", "-9223372036854775808", "-1"])
    func numbers(number: String) throws {
        let text = Self.live.replacing(">65536<", with: ">\(number)<").replacing(
            "current='1'", with: "current='\(number)'")
        let live = try LiveDomain(text)
        #expect(live.memoryBytes >= 0 && live.vcpus >= 0)
    }

    @Test("metadata name a VMI by what can be a folder's name, or are nobody's")
    func ownership() async {
        var mutator = ByteMutator(
            seed: FuzzSettings.seed, donors: (Self.metadata + Self.metadata.prefix(1)).map { Array($0.utf8) },
            tokens: Self.tokens)
        var log = FuzzLog("metadata")
        for await round in FuzzSettings.rounds(1500) {
            let input = mutator.next()
            log.run(round, input) {
                guard let metadata = DomainMetadata(xml: String(decoding: input, as: UTF8.self)) else {
                    return .refused
                }
                let isName = metadata.uid.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || byte == 0x2D
                }
                var faults =
                    isName && !metadata.uid.isEmpty ? [] : ["its folder would be \(metadata.uid.debugDescription)"]
                let written = XMLWriter.write("virt-node:instance", metadata, capacity: 1024).text
                if DomainMetadata(xml: written) != metadata { faults.append("they are others once they are written") }
                return .accepted(faults)
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 10, "\(log.report)")
        log.printFigures()
    }

    @Test("what libvirt says of the host is read, or refused with its place")
    func hosts() async {
        var mutator = ByteMutator(
            seed: FuzzSettings.seed, donors: Self.capabilities.map { Array($0.utf8) }, tokens: Self.tokens)
        var log = FuzzLog("capabilities")
        for await round in FuzzSettings.rounds(600) {
            let input = mutator.next()
            log.run(round, input) {
                let text = String(decoding: input, as: UTF8.self)
                do throws(XMLError) {
                    _ = try LibvirtCapabilities(xml: text)
                    _ = try DomainCapabilities(xml: text)
                    return .accepted()
                } catch { return .refused(error) }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    private static let bombs = [
        Specimen("elements", Bombs.nested("<a>", depth: 200_000)),
        Specimen("attributes", "<a " + (0..<60_000).map { "a\($0)='' " }.joined() + "/>"),
        Specimen("children", "<domain>" + Bombs.nested("<disk/>", depth: 200_000) + "</domain>"),
        Specimen("texts in pieces", "<domain>" + Bombs.nested("x<b/>", depth: 200_000) + "</domain>"),
        Specimen("comments", "<domain>" + Bombs.nested("<!---->", depth: 200_000) + "</domain>"),
        Specimen("entities", "<domain>" + Bombs.nested("&lt;", depth: 500_000) + "</domain>"),
        Specimen("too many bytes", "<domain>" + Bombs.nested("y", depth: 100 << 20) + "</domain>"),
        Specimen(
            "pins",
            "<domain><cputune>" + Bombs.nested("<vcpupin vcpu='0' cpuset='0-8190'/>", depth: 5_000)
                + "</cputune></domain>"),
        Specimen(
            "a list of CPUs",
            "<domain><vcpu cpuset='" + Bombs.nested("0-8190,", depth: 100_000) + "0'>1</vcpu></domain>"),
    ]

    @Test("a document that is made to hang a reader is read or refused", arguments: bombs)
    func bomb(specimen: Specimen) {
        var log = FuzzLog("domain bombs")
        log.run(0, specimen.testDescription.utf8) {
            _ = try? Domain(xml: specimen.text)
            _ = try? LiveDomain(specimen.text)
            return .accepted()
        }
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
    }

    @Test("events and codes that nobody knows are told as such")
    func events() async {
        var random = SeededRandom(seed: FuzzSettings.seed)
        var log = FuzzLog("libvirt events")
        for await round in FuzzSettings.rounds(2000) {
            let numbers = (0..<3).map { _ in
                Bool.random(using: &random)
                    ? Int32.random(in: -2...20, using: &random) : Int32(truncatingIfNeeded: random.next())
            }
            log.run(round, "\(numbers)".utf8) {
                _ = DomainEvent.lifecycle(event: numbers[0], detail: numbers[1])
                _ = DomainEvent.watchdog(numbers[0])
                _ = MemoryFailure(recipient: numbers[0], action: numbers[1], flags: UInt32(bitPattern: numbers[2]))
                _ = DomainState(state: numbers[0], reason: numbers[1])
                return .accepted("\(CloseReason(numbers[0]))".isEmpty ? ["no reason"] : [])
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        log.printFigures()
    }

    @Test("a monitor may say anything to a forward: it is opened where nothing is said, or refused in a short sentence")
    func monitor() async {
        let donors = [
            "", "could not set up host forwarding rule 'tcp:127.0.0.1:80-:80'\r\n", "unknown command: 'hostfwd_add'\n",
            "\n\r\n", "invalid host forwarding rule",
        ]
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: donors.map { Array($0.utf8) })
        let forward = PortForward(interface: "default", name: nil, protocol: .tcp, host: 8080, guest: 80, isFixed: true)
        var log = FuzzLog("monitor answers")
        for await round in FuzzSettings.rounds(600) {
            let input = mutator.next()
            await log.run(round, input) {
                let text = String(decoding: input, as: UTF8.self)
                do {
                    let opened = try await PortForwarder { _ in text }.open([forward])
                    let isSilent = text.allSatisfy(\.isNewline)
                    return .accepted(
                        opened == [forward] && isSilent ? [] : ["\(opened) after \(text.debugDescription)"])
                } catch { return .refused(error, mustName: "8080") }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        log.printFigures()
    }
}
