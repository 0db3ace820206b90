import FoundationEssentials
import HostDevices
import KubernetesModel
import Placement
import SystemPackage
import TestSupport
import Testing

@testable import HostModel
@testable import NodeAgent

/// Files that lie on the disk between two lives of the daemon, which root reads at the start: half written, of another
/// version, or edited. None ends the process, none is half believed, and none leads out of the node's own folders.
@Suite struct StateFuzzTests {
    private static func donors(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static let tokens = donors([
        "../", "/etc", "null", "\"schema\":2", "9223372036854775807", "-1", "1e400", "[]", "{}", "\"\\u0000\"",
        "0-65535",
    ])

    private static let intents = [
        #"""
        {"schema":1,"uid":"5d307ca9-b3ef-428c-8861-06e72d69f223","namespace":"n","name":"web","domain":"n_web",
        "domainUUID":"5d307ca9-b3ef-428c-8861-06e72d69f223","session":"serve","processID":7,"bootID":"b",
        "libvirtURI":"qemu:///system","folders":["ROOT/var/lib/virt-node/vms/5d307ca9","ROOT/run/virt-node/serve/v/1"],
        "qemu":{"pid":4194304,"startTime":"1"},"ending":{"phase":"Failed","reason":"x","wasRequested":false},
        "memory":9223372036854775807,"placement":{"vcpuPins":[1,2],"ioThreadPins":[],"emulatorPins":"3","cells":[],
        "pages":[{"cell":0,"pageSizeBytes":2097152,"count":9223372036854775807}],"devices":[],"warnings":[]}}
        """#,
        #"""
        {"schema":1,"uid":"../../x","namespace":"n","name":"web","domain":"../../n_web","domainUUID":"u","session":"serve",
        "processID":1,"bootID":"b","libvirtURI":"qemu:///system","folders":["ROOT/precious","/","ROOT/var/lib/virt-node/vms",
        "ROOT/var/lib/virt-node/vms/../../../../precious",""],"memory":1,"startsAgain":true}
        """#,
    ]

    @Test("an intent is read whole or not at all, its sums do not overflow, and it removes nothing but folders of VMs")
    func intentFiles() async throws {
        let folder = try FuzzFolder()
        let folders = SessionFolders(NodeFolders(root: folder.path))
        let store = IntentStore(folders)
        let texts = Self.intents.map { $0.replacing("ROOT", with: folder.path.string) }
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: Self.donors(texts), tokens: Self.tokens)
        var log = FuzzLog("intents")
        for await round in FuzzSettings.rounds(300) {
            let input = mutator.next()
            try folder.write("precious/file", [1])
            try folder.write("var/lib/virt-node/vms/5d307ca9/disk", [1])
            try folder.write("var/lib/virt-node/intents/n_web.json", input)
            try folder.write("var/lib/virt-node/intents/other.json", Self.intents[0].utf8)
            log.run(round, input) {
                let found = store.all()
                guard let intent = found.first else { return .refused }
                var faults = found.count == 1 ? [] : ["an intent of another name is believed"]
                let allocator = NodeAllocator(allowed: nil, probe: { Host(probing: folder.root) })
                for uid in ["a", "b"] {
                    let placement = uid == "a" ? intent.placement : nil
                    try? allocator.retake(placement, memory: intent.memory ?? 0, for: uid, name: "n/\(uid)")
                }
                if allocator.promisedMemory < 0 { faults.append("\(allocator.promisedMemory) bytes are promised") }
                do throws(AgentError) {
                    try intent.removeFolders(below: folders)
                    try store.end(intent)
                } catch { faults += Outcome.refused(error).faults }
                for name in ["precious/file", "var/lib/virt-node/vms", "var/lib/virt-node/intents/other.json"]
                where !folder.names.contains(name) { faults.append("\(name) is gone") }
                if folder.names.contains("var/lib/virt-node/intents/n_web.json") { faults.append("the intent stays") }
                return .accepted(faults)
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    private static let holds = [
        #"""
        {"schema":1,"uid":"5d307ca9-b3ef-428c-8861-06e72d69f223","name":"n/web","bootID":"b",
        "bindings":[{"address":"0000:41:00.0","previousDriver":"nouveau"}],
        "mediated":[{"uuid":"5d307ca9-b3ef-428c-8861-06e72d69f223","type":"nvidia-63","parent":"0000:41:00.0"}],
        "virtualFunctions":[],"nodes":[],"others":[]}
        """#,
        #"{"schema":2,"uid":"a","name":"n","bootID":"","bindings":[],"mediated":[],"virtualFunctions":[],"nodes":[],"others":[]}"#,
    ]

    @Test("a ledger's file is a hold of its own name, or is named as one that cannot be read")
    func ledgers() async throws {
        let folder = try FuzzFolder()
        let ledger = DeviceLedger(folder("devices"))
        let name = "5d307ca9-b3ef-428c-8861-06e72d69f223.json"
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: Self.donors(Self.holds), tokens: Self.tokens)
        var log = FuzzLog("device ledgers")
        for await round in FuzzSettings.rounds(600) {
            let input = mutator.next()
            try folder.write("devices/\(name)", input)
            log.run(round, input) {
                let contents = ledger.read()
                guard let hold = contents.holds.first else {
                    return Outcome(faults: contents.unreadable == [name] ? [] : ["nobody says that it cannot be read"])
                }
                var faults = "\(hold.uid).json" == name ? [] : ["\(hold.uid) is another VM"]
                do throws(DeviceError) {
                    try ledger.store(hold)
                    if ledger.read().holds != [hold] { faults.append("it is another hold once it is written") }
                } catch { faults.append("\(error)") }
                return .accepted(faults)
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    private static let configurations = [
        """
        nodeName: node1
        libvirt: {uri: auto}
        api:
          kubeconfig: /etc/kubeconfig
          context: x
        claim: {enabled: true, namespaces: [a, b], delaySeconds: 3}
        metrics: {address: 0.0.0.0, port: 8185, tls: {certificate: /a, key: /b, clientCA: /c}}
        priorityClasses: {high: 1000}
        permittedHostDevices:
          pciHostDevices:
          - {pciVendorSelector: "10DE:2331", resourceName: nvidia.com/H100}
          usb:
          - resourceName: x/y
            selectors: [{vendor: "0951", product: "1666"}]
        cpus: {reserved: 0-1, dedicated: 2-7, shared: "", idle: sleep}
        memory: {reserveMebibytes: 512, overcommitPercent: 150}
        logLevel: debug
        """,
        "{\"nodeName\": \"n\", \"manifests\": \"\", \"parallelStarts\": 4}", "# nothing\n",
    ]

    @Test("a configuration is read, or each of its faults is named with file, line and key")
    func configurations() async throws {
        let folder = try FuzzFolder()
        var texts = TextMutator(seed: FuzzSettings.seed, donors: Self.configurations)
        var bytes = ByteMutator(seed: FuzzSettings.seed, donors: Self.donors(Self.configurations), tokens: Self.tokens)
        var log = FuzzLog("configurations")
        for await round in FuzzSettings.rounds(400) {
            let input = round % 4 == 0 ? bytes.next() : Array(texts.next().utf8)
            let file = try folder.write("config.yaml", input)
            log.run(round, input) {
                do throws(ConfigurationError) {
                    _ = try NodeConfiguration.load(file)
                    return .accepted()
                } catch {
                    if case .invalid(let faults) = error {
                        let named = faults.filter { !"\($0)".contains($0.key) || $0.message.isEmpty }
                        let long = faults.filter { "\($0)".utf8.count > 1024 }
                        return Outcome(
                            faults: named.map { "no key in \($0)" }
                                + long.prefix(1).map { "a long fault: \("\($0)".prefix(200))" })
                    }
                    return .refused(error, mustName: file.string)
                }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 50, "\(log.report)")
        log.printFigures()
    }

    @Test("a configuration that is no YAML is refused with its line")
    func line() throws {
        let folder = try FuzzFolder()
        let file = try folder.write("config.yaml", "claim:\n- [\n".utf8)
        let error = #expect(throws: ConfigurationError.self) { try NodeConfiguration.load(file) }
        #expect("\(try #require(error))".contains("config.yaml:3:"))
    }

    @Test("what else is kept of a VM is read line by line, or forgotten")
    func smallFiles() async throws {
        let folder = try FuzzFolder()
        let donors = Self.donors([
            #"{"time":1800000000.5,"step":"start","detail":"x","seconds":1.5}"# + "\n"
                + #"{"time":1e308,"step":"é","detail":"\u0000"}"# + "\n",
            #"{"vcpuPins":[0,99999999],"ioThreadPins":[-1],"emulatorPins":"0-65535","cells":[],"pages":[],"devices":[],"warnings":[]}"#,
            #"{"cpuModel":"EPYC","cpuFeatures":[],"machine":"pc-q35-7.2","uuid":"x"}"#,
        ])
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: donors, tokens: Self.tokens + [[0x0A]])
        let identities = GuestIdentityStore(SessionFolders(NodeFolders(root: folder.path)))
        var log = FuzzLog("small files")
        for await round in FuzzSettings.rounds(400) {
            let input = mutator.next()
            let file = try folder.write("timeline", input)
            try folder.write("var/lib/virt-node/guests/u.json", input)
            log.run(round, input) {
                var timeline = Timeline(file: file)
                let known = timeline.entries
                timeline.add("step", "detail", at: 1_800_000_001)
                var faults =
                    known + timeline.entries.suffix(1) == timeline.entries || known.count == Timeline.limit
                    ? [] : ["entries are lost"]
                if Timeline(file: file).entries.last != timeline.entries.last {
                    faults.append("the new entry cannot be read")
                }
                _ = identities.identity(of: "u")
                if let placement = Placement(record: String(decoding: input, as: UTF8.self)) {
                    var use = PlacementUse.none
                    do throws(PlacementError) {
                        try use.take(placement)
                        try use.release(placement)
                        if use != .none { faults.append("something of it stays in the books") }
                    } catch { faults += Outcome.refused(error).faults }
                }
                return .accepted(faults)
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        log.printFigures()
    }
}
