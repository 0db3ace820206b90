import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct MemoryValidationTests {
    private static let dedicated = "cpu: {cores: 2, dedicatedCpuPlacement: true}"

    @Test(
        "memory that cannot be had is told, and nothing else",
        arguments: [
            (
                "memory: {guest: 3Mi, hugepages: {pageSize: 2Mi}}",
                ["memory.guest: \"3Mi\" is no multiple of the page size 2Mi: write one"]
            ),
            (
                "memory: {guest: 512Mi, hugepages: {pageSize: 1Gi}}",
                ["memory.guest: \"512Mi\" is less than one page of 1Gi: write 1Gi or more"]
            ),
            (
                "memory: {guest: 1Gi, hugepages: {pageSize: 4Mi}}",
                ["memory.hugepages.pageSize: \"4Mi\" is no page size of x86: write 2Mi or 1Gi"]
            ),
            (
                "memory: {guest: 1Gi, hugepages: {pageSize: huge}}",
                ["memory.hugepages.pageSize: \"huge\" is no page size of x86: write 2Mi or 1Gi"]
            ),
            ("memory: {guest: 1Gi, hugepages: {}}", ["memory.hugepages.pageSize: is missing: write 2Mi or 1Gi"]),
            (
                "memory: {guest: 2Gi}\nresources: {limits: {memory: 1Gi}}",
                [
                    "memory.guest: \"2Gi\" is more than spec.domain.resources.limits[memory], \"1Gi\": raise that, or lower this"
                ]
            ),
            (
                "memory: {guest: 2Gi, maxGuest: 1Gi}",
                ["memory.maxGuest: \"1Gi\" is less than guest, \"2Gi\": write that or more"]
            ),
            (
                "memory: {guest: 1Gi, maxGuest: 65Ti}",
                ["memory.maxGuest: \"65Ti\" is more than the 64Ti that QEMU takes"]
            ),
            (
                "memory: {guest: 1Gi, maxGuest: 2049Mi}",
                [
                    "memory.maxGuest: \"2049Mi\" is no multiple of 2Mi, in which memory is plugged up to maxGuest: write one"
                ]
            ),
            (
                "memory: {guest: 1Gi, maxGuest: 1536Mi, hugepages: {pageSize: 1Gi}}",
                [
                    "memory.maxGuest: \"1536Mi\" is no multiple of 1Gi, in which memory is plugged up to maxGuest: write one"
                ]
            ),
            (
                "memory: {guest: 1Gi, reservedOverhead: {addedOverhead: -1Mi}}",
                ["memory.reservedOverhead.addedOverhead: \"-1Mi\" is negative: write 0 or more"]
            ),
            (
                "memory: {guest: 64Mi}\nresources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}",
                ["resources.requests[memory]: \"2Gi\" is more than the limit \"1Gi\": lower it"]
            ),
            (
                "resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}",
                ["resources.requests[cpu]: \"2\" is more than the limit \"1500m\": lower it"]
            ),
        ])
    func wrong(domain: String, issues: [String]) {
        #expect(Manifests.issues(Manifests.domain(domain)) == issues.map { "spec.domain.\($0)" })
    }

    @Test("memory that can be plugged excludes what fixes a guest's memory")
    func fixedMemory() {
        let text = Manifests.domain(
            "cpu: {cores: 2, dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}, realtime: {}}\nmemory: {guest: 1Gi, maxGuest: 2Gi, hugepages: {pageSize: 2Mi}}"
        )
        let rest = "whose guest's memory is fixed: remove one"
        #expect(
            Manifests.issues(text) == [
                "spec.domain.memory.maxGuest: excludes spec.domain.cpu.realtime, \(rest)",
                "spec.domain.memory.maxGuest: excludes spec.domain.cpu.numa.guestMappingPassthrough, \(rest)",
            ])
    }

    @Test(
        "sound memory is taken",
        arguments: [
            "memory: {guest: 4Mi, hugepages: {pageSize: 2Mi}}", "memory: {guest: 2Gi, hugepages: {pageSize: 1Gi}}",
            "memory: {guest: 2Gi, hugepages: {pageSize: 2048Ki}}", "memory: {hugepages: {pageSize: 2Mi}}",
            "memory: {guest: 1Gi, maxGuest: 1Gi}", "memory: {guest: 1Gi, maxGuest: 4Gi}",
            "memory: {guest: 1Gi}\nresources: {limits: {memory: 1Gi}}",
            "memory: {guest: 1Gi}\nresources: {requests: {memory: 512Mi}}", "memory: {guest: 1024M}",
        ])
    func sound(domain: String) { #expect(Manifests.issues(Manifests.domain(domain)) == []) }
}
