import FoundationEssentials
import Glibc
import HostModel
import KubernetesAPI
import KubernetesModel
import SystemPackage
import Testing

@testable import NodeAgent

/// The whole agent, on libvirt's fake driver and the local API. Seconds; needs root, as the daemon does.
///
/// The fake driver keeps its domains as long as the process: VMs that outlive their daemon have names of their own.
@Suite(.serialized, .enabled(if: getuid() == 0, "the daemon needs root")) struct DaemonTests {
    @Test("a VMI runs after two writes, and nothing of it is left once it is deleted")
    func life() async throws {
        try await DaemonBench.serve { bench in
            let created = try await bench.create(DaemonBench.manifest("a"))
            let states = await bench.watch("a") { $0?.phase == "Running" }
            let versions = Set(states.compactMap { $0?.resourceVersion }).subtracting([created.resourceVersion ?? ""])
            #expect(versions.count <= 2, "\(versions)")
            let running = try #require(states.last ?? nil)
            #expect(running.condition("Ready")?["status"]?.text == "True")
            #expect(running["status"]?["nodeName"]?.text == "one")
            #expect(
                running["status"]?["phaseTransitionTimestamps"]?.elements.compactMap { $0["phase"]?.text }
                    == ["Pending", "Scheduled", "Running"])
            try await bench.client.delete(.instances, namespace: "default", name: "a")
            await bench.watch("a") { $0 == nil }
            #expect(IntentStore(bench.folders).all().isEmpty)
            #expect(Files.names(in: bench.folders.machines).isEmpty)
        }
    }

    @Test("a VMI that cannot start says which Secret it lacks, and starts by itself once that is there")
    func healing() async throws {
        try await DaemonBench.serve { bench in
            let volume =
                #","volumes":[{"name":"seed","cloudInitNoCloud":{"secretRef":{"name":"seed"}}}]"#
            _ = try await bench.create(DaemonBench.manifest("heal", volume))
            let states = await bench.watch("heal") { $0?.condition("Synchronized")?["status"]?.text == "False" }
            let waiting = try #require(states.last ?? nil)
            #expect(waiting.condition("Synchronized")?["message"]?.text?.contains("seed") == true)
            #expect(waiting.phase == "Scheduled")
            let secret = try #require(
                try DocumentReader().read(
                    ##"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"seed"},"stringData":{"userdata":"#cloud-config"}}"##
                ).first)
            _ = try await bench.client.create(secret, as: .secrets, namespace: "default")
            await bench.watch("heal") { $0?.phase == "Running" && $0?.condition("Synchronized") == nil }
        }
    }

    @Test("a successor of the same name waits for its namesake, and runs under its own uid")
    func successor() async throws {
        try await DaemonBench.serve { bench in
            let first = try await bench.create(DaemonBench.manifest("next"))
            await bench.watch("next") { $0?.phase == "Running" }
            try await bench.client.delete(.instances, namespace: "default", name: "next")
            await bench.watch("next") { $0 == nil }
            let second = try await bench.create(DaemonBench.manifest("next"))
            await bench.watch("next") { $0?.phase == "Running" }
            #expect(first.objectUID != second.objectUID)
            #expect(IntentStore(bench.folders).all().map(\.uid) == [second.objectUID])
        }
    }

    @Test("a file in the manifest folder is a VMI, and goes with it")
    func manifests() async throws {
        try await DaemonBench.serve { bench in
            let folder = bench.folders.node.configuration.appending("vmis.d")
            try Files.makeFolder(folder)
            let file = folder.appending("file.yaml")
            try Files.writeAtomically(Data(DocumentWriter.json(DaemonBench.manifest("file")).utf8), to: file)
            await bench.watch("file") { $0?.phase == "Running" }
            try Files.remove(file)
            await bench.watch("file") { $0 == nil }
        }
    }

    @Test("metrics tell of a VM what it is, and of the daemon what it did")
    func metrics() async throws {
        try await DaemonBench.serve { bench in
            _ = try await bench.create(DaemonBench.manifest("counted"))
            await bench.watch("counted") { $0?.phase == "Running" }
            let page = try await bench.metrics()
            let own = ["node": "one", "namespace": "default", "name": "counted"]
            #expect(page.value("kubevirt_vmi_memory_domain_bytes", own) == 67_108_864)
            let info = page.values.keys.first { $0.name == "kubevirt_vmi_info" && $0.labels["name"] == "counted" }
            #expect(info?.labels["phase"] == "Running")
            #expect(page.value("virt_node_instances", ["phase": "Running"]) == 1)
            #expect(page.value("virt_node_starts_total") == 1)
            #expect(page.value("virt_node_queue_wait_seconds_count", ["queue": "starts"]) == 1)
            let entered = "kubevirt_vmi_phase_transition_time_from_creation_seconds_count"
            #expect(page.value(entered, ["phase": "Running"]) == 1)
            #expect((page.value("virt_node_status_lag_seconds_count") ?? 0) >= 1)
            #expect((page.value("virt_node_libvirt_calls_total") ?? 0) > 0)
            #expect(page.value("kubevirt_virt_handler_ready_status") == 1)
            let build = page.values.keys.first { $0.name == "virt_node_build_info" }
            #expect(build?.labels["version"] == Version.current && build?.labels["libvirt"]?.isEmpty == false)
            try await bench.client.delete(.instances, namespace: "default", name: "counted")
            await bench.watch("counted") { $0 == nil }
            #expect(try await bench.metrics().values.keys.allSatisfy { $0.labels["name"] != "counted" })
        }
    }

    @Test("a drained node stops its VMs and starts them again afterwards")
    func drain() async throws {
        try await DaemonBench.serve { bench in
            _ = try await bench.create(DaemonBench.manifest("drained"))
            await bench.watch("drained") { $0?.phase == "Running" }
            let answer = try await bench.client.send("POST", path: "/virt-node/v1/drain")
            #expect(answer?["stopped"]?.integer == 1)
            await bench.watch("drained") { $0?.phase == "Scheduled" }
            _ = try await bench.client.send("DELETE", path: "/virt-node/v1/drain")
            await bench.watch("drained") { $0?.phase == "Running" }
        }
    }
}

extension DocumentNode {
    fileprivate var integer: Int? { if case .number(let text) = value { Int(text) } else { nil } }
}
