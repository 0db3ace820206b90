import DomainModel
import Testing

@testable import DomainPlan

@Suite struct IOThreadsPartTests {
    /// Disks `a`, `b`, …, each a bus, with a `!` behind it for a thread of its own.
    private static func disks(_ kinds: String) -> (devices: String, volumes: String) {
        let kinds = kinds.split(separator: " ")
        let names = kinds.indices.map { "disk\($0)" }
        let disks = zip(names, kinds).map { name, kind in
            let own = kind.hasSuffix("!") ? ", dedicatedIOThread: true" : ""
            return "{name: \(name), disk: {bus: \(kind.filter { $0 != "!" })}\(own)}"
        }
        let volumes = names.map { "{name: \($0), emptyDisk: {capacity: 1Gi}}" }
        return (
            "devices: {disks: [\(disks.joined(separator: ", "))]}", "volumes: [\(volumes.joined(separator: ", "))]"
        )
    }

    private static func plan(_ domain: String, _ kinds: String) throws -> DomainPlan {
        let (devices, volumes) = disks(kinds)
        return try Plans.placed("\(domain)\n\(devices)", spec: volumes)
    }

    @Test(
        "there are as many threads as the policy and the disks ask for",
        arguments: [
            // Without a policy and a disk with a thread of its own there are none.
            ("", "virtio virtio", nil), ("", "virtio! virtio virtio", 2), ("", "virtio!", 1),
            ("", "virtio! virtio! virtio!", 4), ("ioThreadsPolicy: shared", "virtio virtio virtio", 1),
            ("ioThreadsPolicy: shared", "virtio! sata virtio", 2), ("ioThreadsPolicy: shared", "sata", 1),
            // Two for each CPU that is asked for, in whole CPUs; of one where none is.
            ("ioThreadsPolicy: auto\nresources: {requests: {cpu: 2}}", "virtio virtio virtio", 3),
            ("ioThreadsPolicy: auto\nresources: {requests: {cpu: 1}}", "virtio virtio virtio", 2),
            ("ioThreadsPolicy: auto\nresources: {requests: {cpu: 500m}}", "virtio virtio virtio", 2),
            ("ioThreadsPolicy: auto\nresources: {requests: {cpu: 1500m}}", "virtio virtio virtio virtio virtio", 4),
            ("ioThreadsPolicy: auto\nresources: {limits: {cpu: 2}}", "virtio virtio virtio virtio virtio", 4),
            ("ioThreadsPolicy: auto\ncpu: {cores: 8}", "virtio virtio virtio", 2),
            ("ioThreadsPolicy: auto", "virtio! virtio! virtio! virtio", 4),
            (
                """
                ioThreadsPolicy: auto
                resources: {requests: {cpu: 4}}
                cpu: {cores: 4, dedicatedCpuPlacement: true, isolateEmulatorThread: true}
                """,
                "virtio virtio virtio", 1
            ),
            ("ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 5}", "virtio", 5),
        ] as [(String, String, Int?)])
    func count(domain: String, disks: String, count: Int?) throws {
        #expect(try Self.plan(domain, disks).domain.iothreads == count)
    }

    @Test(
        "virtio disks share the first threads in turn, and own those after them; other disks have none",
        arguments: [
            ("", "virtio virtio", [nil, nil]), ("ioThreadsPolicy: shared", "virtio sata virtio", [1, nil, 1]),
            ("", "virtio virtio! virtio", [1, 2, 1]),
            (
                "ioThreadsPolicy: auto\nresources: {requests: {cpu: 3}}", "virtio! virtio virtio usb virtio! virtio",
                [5, 1, 2, nil, 6, 3]
            ),
            (
                "ioThreadsPolicy: auto\nresources: {requests: {cpu: 1}}", "virtio virtio virtio virtio virtio",
                [1, 2, 1, 2, 1]
            ),
            // A SCSI disk's comes behind those of the virtio disks.
            ("ioThreadsPolicy: shared", "scsi! virtio! virtio", [nil, 2, 1]),
            (
                "ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 2}",
                "virtio sata virtio virtio!", [1, nil, 2, 1]
            ),
        ] as [(String, String, [Int?])])
    func use(domain: String, disks: String, threads: [Int?]) throws {
        #expect(try Self.plan(domain, disks).domain.devices.disks.map(\.iothread) == threads)
    }

    @Test("a SCSI disk's own thread is its controller's, which has a queue for each vCPU")
    func scsi() throws {
        for disks in ["virtio! scsi! virtio", "scsi! scsi virtio! virtio"] {
            let plan = try Self.plan("cpu: {cores: 3}\nioThreadsPolicy: shared", disks)
            let controller = plan.domain.devices.controllers.first { $0.type == "scsi" }
            #expect(controller?.driver?.iothread == 3 && controller?.driver?.queues == 3)
        }
        let shared = try Self.plan("ioThreadsPolicy: shared", "scsi virtio")
        #expect(shared.domain.devices.controllers.allSatisfy { $0.driver == nil })
    }

    @Test(
        "the threads of a VM with CPUs of its own are pinned to some of them, each thread",
        arguments: [
            // Fewer threads than CPUs: neighbours in slices, the larger ones first.
            ("{cores: 4", "", "virtio! virtio! virtio", ["0-1", "2", "3"]),
            // As many or more: the thread's number, counted round.
            ("{cores: 2", "", "virtio! virtio! virtio", ["1", "0", "1"]),
            ("{cores: 1", "", "virtio! virtio", ["0", "0"]),
            // An isolated emulator thread: they are all with it.
            ("{cores: 2, isolateEmulatorThread: true", "", "virtio! virtio! virtio", ["2", "2", "2"]),
            // A pool has CPUs of its own.
            (
                "{cores: 2", "ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 2}",
                "virtio virtio", ["2", "3"]
            ),
            (
                "{cores: 2, isolateEmulatorThread: true",
                "ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 2}", "virtio",
                ["2", "3"]
            ),
        ])
    func pins(cpu: String, policy: String, disks: String, pins: [String]) throws {
        let (devices, volumes) = Self.disks(disks)
        let plan = try Plans.placed(
            "cpu: \(cpu), dedicatedCpuPlacement: true}\n\(policy)\n\(devices)", spec: volumes, cpus: "0-7")
        #expect(
            try plan.lines("cputune/iothreadpin")
                == pins.enumerated().map { "iothreadpin cpuset=\($1) iothread=\($0 + 1)" })
    }

    @Test("the threads of a VM that shares the host's CPUs are not pinned")
    func unpinned() throws {
        let plan = try Self.plan("ioThreadsPolicy: shared", "virtio")
        #expect(plan.domain.iothreads == 1 && plan.domain.cputune == nil)
    }
}
