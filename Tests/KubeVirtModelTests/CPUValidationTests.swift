import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct CPUValidationTests {
    @Test(
        "a CPU that cannot be had is told, and nothing else",
        arguments: [
            ("cpu: {sockets: 4, maxSockets: 2}", ["cpu.maxSockets: 2 is less than the 4 sockets: write 4 or more"]),
            (
                "cpu: {sockets: 4, cores: 4, maxSockets: 100}",
                [
                    "cpu.maxSockets: 100 sockets x 4 cores x 1 threads are 400 vCPUs, and a guest takes at most 288"
                ]
            ),
            (
                "cpu: {sockets: 4294967295, cores: 4294967295, threads: 4294967295}",
                [
                    "cpu: 4294967295 sockets x 4294967295 cores x 4294967295 threads are more vCPUs than there are numbers, and a guest takes at most 288"
                ]
            ),
            (
                "cpu: {features: [{name: vmx}, {name: vmx}]}",
                ["cpu.features[1].name: \"vmx\" is used twice: remove one"]
            ),
            (
                "cpu: {isolateEmulatorThread: true}",
                ["cpu.isolateEmulatorThread: needs dedicatedCpuPlacement: true beside it"]
            ),
            (
                "cpu: {numa: {guestMappingPassthrough: {}}}",
                [
                    "cpu.numa.guestMappingPassthrough: needs dedicatedCpuPlacement: true beside numa",
                    "cpu.numa.guestMappingPassthrough: needs pages that are bound to cells: add spec.domain.memory.hugepages",
                ]
            ),
            (
                "cpu: {realtime: {}}",
                [
                    "cpu.realtime: needs dedicatedCpuPlacement: true beside it",
                    "cpu.realtime: needs numa.guestMappingPassthrough beside it: add numa: {guestMappingPassthrough: {}}",
                ]
            ),
            (
                "cpu: {cores: 2, threads: 4, dedicatedCpuPlacement: true}",
                ["cpu.threads: 4 is more than a host core has: with dedicated CPUs write 1 or 2"]
            ),
            (
                "cpu: {dedicatedCpuPlacement: true}\nresources: {limits: {cpu: 1500m}}",
                ["resources.limits[cpu]: \"1500m\" is not whole: dedicated CPUs come in whole ones"]
            ),
            (
                "cpu: {cores: 2, dedicatedCpuPlacement: true}\nresources: {requests: {cpu: 3}}",
                [
                    "resources.requests[cpu]: \"3\" is not the number of vCPUs, 2: with dedicated CPUs write that, or leave it out"
                ]
            ),
            (
                "cpu: {cores: 2, dedicatedCpuPlacement: true}\nresources: {requests: {cpu: 1, memory: 64Mi}, limits: {cpu: 2, memory: 128Mi}}",
                [
                    "resources.requests[cpu]: \"1\" is not the number of vCPUs, 2: with dedicated CPUs write that, or leave it out",
                    "resources.requests[memory]: \"64Mi\" is not the limit \"128Mi\": with dedicated CPUs the two are equal",
                ]
            ),
        ])
    func wrong(domain: String, issues: [String]) {
        #expect(Manifests.issues(Manifests.domain(domain)) == issues.map { "spec.domain.\($0)" })
    }

    @Test(
        "sound CPUs are taken",
        arguments: [
            "cpu: {sockets: 2, maxSockets: 2}", "cpu: {sockets: 1, maxSockets: 72, cores: 4}",
            "cpu: {dedicatedCpuPlacement: true}\nresources: {limits: {cpu: 4}}",
            "cpu: {cores: 2, threads: 2, dedicatedCpuPlacement: true, isolateEmulatorThread: true}",
            "cpu: {cores: 2, dedicatedCpuPlacement: true}\nresources: {requests: {cpu: 2}, limits: {cpu: 2}}",
            "cpu: {isolateEmulatorThread: false}",
        ])
    func sound(domain: String) { #expect(Manifests.issues(Manifests.domain(domain)) == []) }

    @Test(
        "a mask chooses vCPUs, and what it excludes is out wherever it stands",
        arguments: [
            ("0-3,^1", [0, 2, 3], "0,2-3"), ("^1,0-3", [0, 2, 3], "0,2-3"), ("2", [2], "2"),
            (" 0 , 3 ", [0, 3], "0,3"), ("", [0, 1, 2, 3], "0-3"), ("0-1,1-2", [0, 1, 2], "0-2"),
        ])
    func mask(text: String, vcpus: [Int], canonical: String) throws {
        let mask = try #require(VCPUMask(text, count: 4))
        #expect(mask.vcpus == vcpus)
        #expect(mask.text == canonical)
    }

    @Test(
        "a mask that chooses nothing, or what is not there, is told",
        arguments: [
            ("0,^0", "chooses no vCPU: leave one in"), ("^0", "chooses no vCPU: leave one in"),
            ("0-4", "there is no vCPU 4: the guest has 4, counted from 0"),
            ("3-1", "\"3-1\" runs backwards: write the lower vCPU first"),
            ("0,,1", "\"\" is no vCPU: write a, a-b or ^a, with commas between"),
            ("a", "\"a\" is no vCPU: write a, a-b or ^a, with commas between"),
            ("^1-2", "\"^1-2\" is no vCPU: write a, a-b or ^a, with commas between"),
            ("-1", "\"-1\" is no vCPU: write a, a-b or ^a, with commas between"),
            (
                "99999999999999999999",
                "there is no vCPU 9223372036854775807: the guest has 4, counted from 0"
            ),
        ])
    func badMask(mask: String, issue: String) {
        let cpu =
            "{cores: 4, dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}, realtime: {mask: '\(mask)'}}"
        let text = Manifests.domain("cpu: \(cpu)\nmemory: {guest: 1Gi, hugepages: {pageSize: 2Mi}}")
        #expect(Manifests.issues(text) == ["spec.domain.cpu.realtime.mask: \(issue)"])
    }
}
