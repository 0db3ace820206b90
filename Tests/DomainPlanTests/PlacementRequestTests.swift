import HostModel
import KubeVirtModel
import Placement
import Testing

@testable import DomainPlan

@Suite struct PlacementRequestTests {
    private static func request(
        _ domain: String, spec: String = "", annotations: [String: String] = [:]
    ) throws -> PlacementRequest? {
        PlacementRequest(try Plans.instance(domain, spec: spec, annotations: annotations))
    }

    @Test(
        "a VMI that shares the host's CPUs and wants no device needs no place",
        arguments: ["", "cpu: {cores: 4}", "ioThreadsPolicy: auto", "resources: {requests: {cpu: 2, memory: 1Gi}}"])
    func none(domain: String) throws { #expect(try Self.request(domain) == nil) }

    @Test("dedicated CPUs are the vCPUs that run at boot, by guest core")
    func dedicated() throws {
        let request = try Self.request(
            "cpu: {sockets: 2, cores: 3, threads: 2, maxSockets: 8, dedicatedCpuPlacement: true}\nmemory: {guest: 1Gi}")
        #expect(
            request
                == PlacementRequest(
                    name: "default/web", vcpus: 12, threadsPerCore: 2, isDedicated: true, memoryBytes: 1 << 30))
    }

    @Test(
        "an isolated emulator thread needs one CPU, or two where the annotation evens an even number",
        arguments: [
            (2, "", nil, 1), (2, "", "", 2), (2, "", "true", 2), (2, "", "false", 1), (3, "", "true", 1),
            // The pool's threads count.
            (3, threadPool, "true", 2), (2, threadPool, "true", 1),
        ] as [(Int, String, String?, Int)])
    func emulator(cores: Int, rest: String, parity: String?, threads: Int) throws {
        let request = try Self.request(
            "cpu: {cores: \(cores), dedicatedCpuPlacement: true, isolateEmulatorThread: true}\n\(rest)",
            annotations: parity.map { ["alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity": $0] } ?? [:])
        #expect(request?.emulatorThreads == threads)
    }

    private static let threadPool = "ioThreadsPolicy: supplementalPool\nioThreads: {supplementalPoolThreadCount: 3}"

    @Test(
        "the threads of a pool need CPUs where the VM has its own",
        arguments: [("true", 3), ("false", nil)] as [(String, Int?)])
    func pool(isDedicated: String, threads: Int?) throws {
        let request = try Self.request("cpu: {dedicatedCpuPlacement: \(isDedicated)}\n\(Self.threadPool)")
        #expect(request?.ioThreadPool == threads)
    }

    @Test("hugepages need a place without dedicated CPUs, too")
    func pages() throws {
        let request = try Self.request("memory: {guest: 64Mi, hugepages: {pageSize: 2Mi}}")
        #expect(request?.isDedicated == false && request?.pageSizeBytes == 2 << 20 && request?.memoryBytes == 64 << 20)
        #expect(request?.numaPassthrough == false)
        let cells = try Self.request(
            """
            cpu: {dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}}
            memory: {guest: 1Gi, hugepages: {pageSize: 1Gi}}
            """
        )
        #expect(cells?.numaPassthrough == true && cells?.pageSizeBytes == 1 << 30)
    }

    @Test("devices are asked for by resource, claim or network: host devices, GPUs, then SR-IOV interfaces")
    func devices() throws {
        let request = try Self.request(
            """
            devices:
              gpus: [{name: g, deviceName: a/gpu}, {name: c, claimName: claim, requestName: gpu}]
              hostDevices: [{name: h, deviceName: a/nic}]
              interfaces:
              - {name: pod, masquerade: {}}
              - {name: fast, sriov: {}}
              - {name: gone, sriov: {}, state: absent}
              - {name: claimed, sriov: {}}
            """,
            spec: """
                resourceClaims: [{name: claim, resourceClaimName: x}]
                networks:
                - {name: pod, pod: {}}
                - {name: fast, multus: {networkName: ns/fast}}
                - {name: gone, multus: {networkName: ns/gone}}
                - {name: claimed, resourceClaim: {claimName: claim, requestName: vf}}
                """)
        #expect(
            request?.devices.map { "\($0.name) \($0.resource)" } == [
                "h a/nic", "g a/gpu", "c claim/gpu", "fast ns/fast", "claimed claim/vf",
            ])
    }

    @Test("a VM that the host cannot place is refused with the numbers of each cell")
    func refused() throws {
        let request = try #require(try Self.request("cpu: {cores: 9, dedicatedCpuPlacement: true}"))
        let error = #expect(throws: PlacementError.self) {
            try Placement.make(request, host: .twoCells(), grant: Grant(cpus: CPUSet(list: "0-3,8-9")))
        }
        #expect(
            error?.description.hasPrefix(
                "default/web: needs 9 dedicated CPUs, 6 are free; cell 0 has 4 free, cell 1 has 2") == true)
    }
}
