import DomainPlan
import HostModel
import KubeVirtModel
import KubernetesModel
import Testing

@testable import Libvirt
@testable import NodeAgent

@Suite struct StatusBuilderTests {
    private static let start = Timestamp(seconds: 1000)
    private static let now = Timestamp(seconds: 2000)

    private static func instance() -> VirtualMachineInstance {
        var instance = VirtualMachineInstance()
        instance.metadata.name = "web"
        instance.spec.domain.memory = Memory()
        instance.spec.domain.memory?.guest = Quantity("64Mi")
        instance.spec.volumes = ["root", "seed", "unseen"].map { name in
            var volume = Volume()
            volume.name = name
            return volume
        }
        instance.applyDefaults()
        return instance
    }

    private static func observation(_ phase: VMIPhase = .running) throws -> Observation {
        var seen = Observation(nodeName: "node-1")
        seen.enter(.scheduled, at: start)
        seen.enter(phase, at: Timestamp(seconds: 1500))
        seen.live = try LiveDomain(
            """
            <domain><memory unit='KiB'>65536</memory><os><type machine='pc-q35-7.2'/></os><devices>
            <disk><target dev='vdb'/><alias name='ua-seed'/></disk><disk><target dev='vda'/><alias name='ua-root'/></disk>
            <interface><mac address='02:00:00:00:00:0a'/><alias name='ua-default'/></interface></devices></domain>
            """)
        seen.capacities = ["root": 5 << 30]
        return seen
    }

    private func status(_ seen: Observation, previous: VirtualMachineInstanceStatus? = nil, now: Timestamp = now)
        -> VirtualMachineInstanceStatus
    {
        StatusBuilder.status(of: Self.instance(), seen, previous: previous, now: now)
    }

    private func condition(_ type: String, _ seen: Observation) -> Condition? {
        status(seen).conditions.first { $0.type == type }
    }

    @Test("phases are entered once each, and their times kept")
    func phases() throws {
        var seen = try Self.observation()
        seen.enter(.running, at: Timestamp(seconds: 9999))
        let status = status(seen)
        #expect(status.phase == .running && status.nodeName == "node-1")
        #expect(
            status.phaseTransitionTimestamps == [
                PhaseTransition(.scheduled, at: Self.start), PhaseTransition(.running, at: Timestamp(seconds: 1500)),
            ])
        #expect(Observation(nodeName: "").phase == .pending)
    }

    @Test("machine, memory, topology and volumes are the live domain's")
    func live() throws {
        let status = status(try Self.observation())
        #expect(status.machine?.type == "pc-q35-7.2")
        #expect(status.memory?.guestAtBoot?.text == "64Mi" && status.memory?.guestRequested?.text == "64Mi")
        #expect(status.currentCPUTopology?.sockets == 1)
        #expect(
            status.volumeStatus.map { "\($0.name) \($0.target) \($0.size ?? -1)" } == [
                "root vda 5368709120", "seed vdb -1",
            ])
    }

    @Test("before a domain lives there is nothing to say of it")
    func notLive() {
        let status = status(Observation(nodeName: "n"))
        #expect(
            status.machine == nil && status.memory == nil && status.volumeStatus.isEmpty && status.interfaces.isEmpty
                && status.guestOSInfo == nil)
    }

    @Test("an interface is the domain's, completed by the agent, whatever the case of its address")
    func interfaces() throws {
        var seen = try Self.observation()
        #expect(status(seen).interfaces.map(\.infoSource) == ["domain"])
        seen.agent = AgentObservation(interfaces: [
            GuestInterface(name: "lo", mac: "00:00:00:00:00:00", addresses: ["127.0.0.1"]),
            GuestInterface(name: "eth0", mac: "02:00:00:00:00:0A", addresses: ["10.0.2.15", "fec0::1"]),
            GuestInterface(name: "docker0", mac: "02:42:00:00:00:01", addresses: []),
        ])
        let interfaces = status(seen).interfaces
        #expect(interfaces.map(\.name) == ["default", nil])
        #expect(interfaces.map(\.interfaceName) == ["eth0", "docker0"])
        #expect(interfaces.map(\.infoSource) == ["domain, guest-agent", "guest-agent"])
        #expect(
            interfaces.first?.ipAddress == "10.0.2.15" && interfaces.first?.ipAddresses == ["10.0.2.15", "fec0::1"])
    }

    @Test("a guest with a thousand interfaces does not fill the status")
    func manyInterfaces() throws {
        var seen = try Self.observation()
        seen.agent = AgentObservation(
            interfaces: (0..<1000).map { GuestInterface(name: "v\($0)", mac: "mac\($0)", addresses: []) })
        #expect(status(seen).interfaces.count == 11)
    }

    @Test("what the agent tells of the system is passed on by KubeVirt's names")
    func guestOS() throws {
        var seen = try Self.observation()
        seen.agent = AgentObservation(
            info: GuestInfo(parameters: [
                "os.id": "debian", "os.pretty-name": "Debian 12", "os.version-id": "12", "hostname": "web",
            ]))
        let info = status(seen).guestOSInfo
        #expect(
            info?.id == "debian" && info?.prettyName == "Debian 12" && info?.versionId == "12"
                && info?.kernelRelease == nil)
        #expect(condition("AgentConnected", seen)?.status == "True")
    }

    @Test("a VMI is ready only while its guest runs")
    func ready() throws {
        var seen = try Self.observation()
        #expect(condition("Ready", seen)?.status == "True")
        seen.isPaused = true
        #expect(
            condition("Ready", seen)?.reason == "GuestPaused" && condition("Paused", seen)?.reason == "PausedByUser")
        seen.pausedByIOError = "root"
        #expect(
            condition("Paused", seen)?.reason == "PausedIOError"
                && condition("Paused", seen)?.message == "VMI was paused, IO error on disk root")
        let failed = try Self.observation(.failed)
        #expect(
            condition("Ready", failed)?.reason == "GuestNotRunning"
                && condition("Ready", failed)?.message?.hasSuffix("phase Failed") == true)
        #expect(condition("Paused", failed) == nil)
    }

    @Test("software emulation is said with its reason and remedy, and KVM is not")
    func emulation() throws {
        var seen = try Self.observation()
        #expect(condition("SoftwareEmulation", seen) == nil)
        seen.verdict = AcceleratorVerdict(
            verdict: .emulation, reason: .kvmAbsent, message: "there is no /dev/kvm", remedy: "modprobe kvm_intel")
        #expect(condition("SoftwareEmulation", seen) == nil, "it was started while KVM worked")
        seen.live?.isEmulated = true
        let found = condition("SoftwareEmulation", seen)
        #expect(
            found?.status == "True" && found?.reason == "KVMAbsent"
                && found?.message == "there is no /dev/kvm Remedy: modprobe kvm_intel")
        seen.verdict = AcceleratorVerdict(verdict: .kvm, reason: .kvmWorks, message: "fast")
        #expect(condition("SoftwareEmulation", seen)?.reason == "StartedUnderEmulation")
        seen.live?.isEmulated = false
        #expect(condition("SoftwareEmulation", seen) == nil)
    }

    @Test("a failure is the status' reason and a condition")
    func failure() throws {
        var seen = try Self.observation(.failed)
        seen.failure = "default/web: no disk"
        #expect(status(seen).reason == "default/web: no disk")
        #expect(
            condition("Synchronized", seen)?.status == "False"
                && condition("Synchronized", seen)?.message == "default/web: no disk")
        var running = try Self.observation()
        running.failure = "x"
        #expect(status(running).reason == nil)
    }

    @Test("what the plan could not give is said with the fields")
    func warnings() throws {
        var seen = try Self.observation()
        seen.warnings = [
            PlanWarning(reason: "A", field: "spec.x", message: "m"),
            PlanWarning(reason: "B", field: "spec.y", message: "n"),
        ]
        #expect(
            condition("AdaptedToHost", seen)?.reason == "A"
                && condition("AdaptedToHost", seen)?.message == "spec.x: m; spec.y: n")
    }

    @Test("a condition keeps its time while its status stays, and gets a new one when it changes")
    func times() throws {
        var seen = try Self.observation()
        let first = status(seen, now: Timestamp(seconds: 100))
        let second = status(seen, previous: first, now: Timestamp(seconds: 200))
        #expect(second.conditions.allSatisfy { $0.lastTransitionTime?.seconds == 100 })
        seen.isPaused = true
        let third = status(seen, previous: second, now: Timestamp(seconds: 300))
        let times = Dictionary(uniqueKeysWithValues: third.conditions.map { ($0.type, $0.lastTransitionTime?.seconds) })
        #expect(times["Ready"] == 300 && times["Paused"] == 300 && times["LiveMigratable"] == 100)
    }

    @Test("the same observation gives the same status")
    func pure() throws {
        let seen = try Self.observation()
        #expect(status(seen).encode() == status(seen).encode())
    }
}
