import DomainModel
import DomainPlan
import KubeVirtModel
import KubernetesModel
import TestSupport
import Testing

@testable import Libvirt
@testable import NodeAgent

/// A guest belongs to a stranger: what its agent and its console say is shown, and decides nothing, and fills nothing.
@Suite struct GuestFuzzTests {
    private static let names = [
        "os.id", "os.name", "os.pretty-name", "os.version", "os.version-id", "os.kernel-release", "os.kernel-version",
        "os.machine", "hostname", "timezone.name", "timezone.offset", "user.count", "user.0.name", "user.0.domain",
        "user.0.login-time", "fs.count", "fs.0.name", "fs.0.mountpoint", "fs.0.fstype", "fs.0.total-bytes",
        "fs.0.used-bytes", "fs.0.disk.count", "fs.0.disk.0.alias", "if.count", "if.0.name", "if.0.hwaddr",
        "if.0.addr.count", "if.0.addr.0.addr", "load.1m",
    ]
    /// Bytes of a status. An API server takes no object above 1.5 MiB, and then would hear of no other change either.
    private static let largestStatus = 64 << 10

    /// What a lying guest says of itself.
    private struct Liar {
        var random: SeededRandom

        mutating func text() -> String {
            let hostile = HostileText.all.randomElement(using: &random) ?? ""
            switch Int.random(in: 0..<12, using: &random) {
            case 0: return String(repeating: hostile + "x", count: 1 << Int.random(in: 0..<14, using: &random))
            case 1: return "9223372036854775807"
            case 2: return "-1"
            case 3: return "52:54:00:00:00:01"
            case 4: return "10.0.2.15"
            default: return hostile
            }
        }

        mutating func observation() -> AgentObservation {
            var parameters: [String: String] = [:]
            for name in GuestFuzzTests.names where Int.random(in: 0..<4, using: &random) > 0 {
                parameters[name] = text()
            }
            for _ in 0..<Int.random(in: 0..<40, using: &random) { parameters[text()] = text() }
            for list in ["user", "fs", "if", "fs.0.disk"] where Int.random(in: 0..<3, using: &random) == 0 {
                parameters["\(list).count"] = ["0", "1", "3", "1024", "4294967295", "-5"].randomElement(using: &random)
            }
            let interfaces = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                let addresses = (0..<1 << Int.random(in: 0..<8, using: &random)).map { _ in text() }
                return GuestInterface(name: text(), mac: text(), addresses: addresses)
            }
            return AgentObservation(
                info: Bool.random(using: &random) ? GuestInfo(parameters: parameters) : nil, interfaces: interfaces)
        }
    }

    private static let instance: VirtualMachineInstance? = {
        let reading = Pipeline.read(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: liar, namespace: team, uid: 5d307ca9-b3ef-428c-8861-06e72d69f223}
            spec: {domain: {memory: {guest: 64Mi}, devices: {}}}
            """)
        return reading.accepted.first
    }()

    @Test("a guest that lies gets a status that an API server takes, on one line a text")
    func agent() async throws {
        let instance = try #require(Self.instance)
        let live = try LiveDomain(DomainFuzzTests.live)
        var liar = Liar(random: SeededRandom(seed: FuzzSettings.seed))
        var log = FuzzLog("guest agents")
        for await round in FuzzSettings.rounds(250) {
            let agent = liar.observation()
            log.run(round, "\(agent)".utf8.prefix(4000)) {
                var seen = Observation(nodeName: "n1")
                seen.enter(.running, at: Timestamp(seconds: 1_800_000_000))
                seen.live = live
                seen.agent = agent
                let status = StatusBuilder.status(
                    of: instance, seen, previous: nil, now: Timestamp(seconds: 1_800_000_000))
                return .accepted(Self.faults(ofStatus: status.encode()) + Self.faults(ofDocuments: agent))
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    private static func faults(ofStatus status: DocumentNode) -> [String] {
        let json = DocumentWriter.jsonBytes(status)
        var faults = json.count > largestStatus ? ["the status has \(json.count) bytes"] : []
        let isOneLine = status.strings().allSatisfy { _, text in
            text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        if !isOneLine { faults.append("a text of the status would move a terminal's cursor") }
        if let fault = Formats.fault(status) { faults.append(fault) }
        var context = DecodingContext()
        if VirtualMachineInstanceStatus.decode(status, &context) == nil || !context.issues.isEmpty {
            faults.append("the status is none: \(context.issues.prefix(3))")
        }
        return faults
    }

    private static func faults(ofDocuments agent: AgentObservation) -> [String] {
        guard let info = agent.info else { return [] }
        let documents = [
            GuestDocuments.system(info), GuestDocuments.users(info.users), GuestDocuments.filesystems(info.filesystems),
        ]
        return documents.compactMap { Formats.fault($0) }
    }

    @Test("the agent's version is read out of any answer, and is a short word")
    func version() async {
        let donors = [
            #"{"return":{"version":"7.2.22","supported_commands":[{"enabled":true,"name":"guest-info","success-response":true}]}}"#,
            #"{"error":{"class":"CommandNotFound","desc":"The command guest-info has not been found"}}"#,
            #"{"return":{"supported_commands":[],"version":"9"}}"#,
        ]
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: donors.map { Array($0.utf8) })
        var log = FuzzLog("agent answers")
        for await round in FuzzSettings.rounds(1000) {
            let input = mutator.next()
            log.run(round, input) {
                guard let version = GuestAgentAnswer.version(in: String(decoding: input, as: UTF8.self)) else {
                    return .refused
                }
                let isShort =
                    version.utf8.count <= 128
                    && version.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                return .accepted(isShort ? [] : ["the version is \(version.debugDescription.prefix(300))"])
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 10, "\(log.report)")
        log.printFigures()
    }

    @Test("a flood of a hundred million bytes from a guest is read without an end in memory or time")
    func flood() throws {
        let flood = String(repeating: "\"version\":", count: 10 << 20)
        var log = FuzzLog("guest floods")
        log.run(0, "an agent's answer".utf8) {
            let version = GuestAgentAnswer.version(in: flood) ?? ""
            return .accepted(version.utf8.count <= 128 ? [] : ["the version has \(version.utf8.count) bytes"])
        }
        log.run(1, "an agent's texts".utf8) {
            let info = GuestInfo(parameters: ["os.pretty-name": flood, flood: flood])
            let count = info.parameters.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            return .accepted(count <= 16 << 10 ? [] : ["\(count) bytes are kept"])
        }
        log.run(2, "a console".utf8) {
            let hub = ConsoleHub()
            let bytes = Array(flood.utf8.prefix(1 << 20))
            for _ in 0..<100 { hub.didPrint(bytes) }
            return .accepted(hub.recent.count <= 2 * ConsoleHub.limit ? [] : ["\(hub.recent.count) bytes are kept"])
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.grownMiB < FuzzSettings.mostGrowthMiB, "\(log.report)")
        log.printFigures()
    }

    @Test("a guest's console prints what it likes: each sign of life is told once")
    func console() async {
        let donors = [
            "\u{1B}[2J\u{1B}[1;1HSeaBIOS\r\nDebian GNU/Linux 12 hello ttyS0\r\n\r\nhello login: ", "~ # ",
            "root@x:/# \n",
            "\u{1B}]0;title\u{7}$ ", String(repeating: " ", count: 600) + "\n", "a\u{301}\u{301}$ #$ #$ # ",
        ]
        var mutator = ByteMutator(seed: FuzzSettings.seed, donors: donors.map { Array($0.utf8) })
        var log = FuzzLog("guest consoles")
        for await round in FuzzSettings.rounds(200) {
            let input = mutator.next()
            let step = 1 + mutator.draw(64)
            log.run(round, input) {
                var detector = GuestBootDetector()
                let hub = ConsoleHub()
                var signs: [GuestBootDetector.Sign] = []
                for start in stride(from: 0, to: input.count, by: step) {
                    let piece = Array(input[start..<min(input.count, start + step)])
                    signs += detector.take(piece)
                    hub.didPrint(piece)
                }
                var faults: [String] = []
                if signs.count(where: { $0 == .firstLine }) > 1 || signs.count(where: { $0 == .prompt }) > 1 {
                    faults.append("a sign comes twice: \(signs)")
                }
                if hub.recent != Array(input.suffix(hub.recent.count)) {
                    faults.append("the console shows something else")
                }
                return Outcome(isAccepted: !signs.isEmpty, faults: faults)
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 10, "\(log.report)")
        log.printFigures()
    }
}
