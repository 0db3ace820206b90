import DomainModel
import Testing

@testable import DomainPlan

@Suite struct CPUTunePartTests {
    @Test("a VM that shares the host's CPUs is pinned to none, even where its hugepages were placed")
    func shared() throws {
        let plan = try Plans.placed("cpu: {cores: 2}\nmemory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}")
        #expect(plan.domain.cputune == nil)
    }

    @Test(
        "each vCPU has a CPU, and the threads of a guest core have those of a host core",
        arguments: [
            ("{cores: 2, threads: 2", "2-3,18-19", ["2", "18", "3", "19"]),
            ("{cores: 3", "2-3,18-19", ["2", "18", "3"]),
            // Core 2 has one free thread: it holds no guest core of two threads.
            ("{cores: 1, threads: 2", "2-3,19", ["3", "19"]),
        ])
    func pins(cpu: String, cpus: String, pins: [String]) throws {
        let plan = try Plans.placed("cpu: \(cpu), dedicatedCpuPlacement: true}", cpus: cpus)
        #expect(
            try plan.lines("cputune/vcpupin")
                == pins.enumerated().map { "vcpupin cpuset=\($1) vcpu=\($0)" })
        #expect(plan.domain.cputune?.emulatorPin == nil)
    }

    @Test("sockets that are not plugged yet have no pin")
    func hotplug() throws {
        let plan = try Plans.placed("cpu: {sockets: 2, maxSockets: 4, dedicatedCpuPlacement: true}")
        #expect(plan.domain.cputune?.vcpuPins.map(\.vcpu) == [0, 1] && plan.domain.vcpu.count == 4)
    }

    @Test(
        "an isolated emulator thread has a CPU of its own, and a second one where the annotation evens the number",
        arguments: [
            (2, [:], "1"), (2, ["alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity": ""], "1,17"),
            (2, ["alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity": "false"], "1"),
            (3, ["alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity": "true"], "17"),
        ] as [(Int, [String: String], String)])
    func emulator(cores: Int, annotations: [String: String], pin: String) throws {
        let plan = try Plans.placed(
            "cpu: {cores: \(cores), dedicatedCpuPlacement: true, isolateEmulatorThread: true}", cpus: "0-3,16-19",
            annotations: annotations)
        #expect(try plan.lines("cputune/emulatorpin") == ["emulatorpin cpuset=\(pin)"])
    }

    @Test(
        "realtime vCPUs are scheduled first in, first out: all of them, or those of the mask",
        arguments: [
            ("{}", "0-3"), ("{mask: '0-2,^1'}", "0,2"), ("{mask: '^0,0-3'}", "1-3"), ("{mask: '3'}", "3"),
            ("{mask: ''}", "0-3"),
        ])
    func realtime(realtime: String, vcpus: String) throws {
        let plan = try Plans.placed(
            """
            cpu: {cores: 4, dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}, realtime: \
            \(realtime)}
            memory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}
            """
        )
        #expect(try plan.lines("cputune/vcpusched") == ["vcpusched priority=1 scheduler=fifo vcpus=\(vcpus)"])
    }
}
