import Libvirt
import NodeAgent
import Testing

@Suite struct InstanceMetricsTests {
    private static let statistics = DomainStatistics(
        domain: "team_web", uuid: "u",
        parameters: [
            "cpu.time": .unsigned(1_500_000_000), "cpu.user": .unsigned(500_000_000),
            "balloon.current": .unsigned(1024), "balloon.rss": .unsigned(2048), "balloon.major_fault": .unsigned(3),
            "vcpu.maximum": .unsigned(1), "vcpu.0.state": .signed(1), "vcpu.0.time": .unsigned(250_000_000),
            "block.count": .unsigned(1), "block.0.name": .text("vda"), "block.0.rd.reqs": .unsigned(5),
            "block.0.wr.times": .unsigned(2_000_000_000), "net.count": .unsigned(1), "net.0.name": .text("tap0"),
            "net.0.rx.bytes": .unsigned(11), "net.0.tx.bytes": .unsigned(12),
            "dirtyrate.megabytes_per_second": .signed(2),
        ])

    private static var instance: InstanceSample {
        var instance = InstanceSample(namespace: "team", name: "web", domain: "team_web", phase: "Running")
        instance.drives = ["vda": "root"]
        instance.interfaces = ["tap0": "default"]
        instance.memoryBytes = 1 << 30
        instance.guest = GuestInfo(parameters: [
            "os.name": "Debian", "fs.count": "1", "fs.0.mountpoint": "/", "fs.0.name": "vda1", "fs.0.fstype": "ext4",
            "fs.0.total-bytes": "100", "fs.0.used-bytes": "40",
        ])
        return instance
    }

    private func page(_ instances: [InstanceSample], _ statistics: [DomainStatistics]) throws -> ExpositionParser {
        try ExpositionParser(PrometheusText.encode(InstanceMetrics.families(instances, statistics, node: "n1")))
    }

    private let own = ["node": "n1", "namespace": "team", "name": "web"]

    @Test(
        "counters come under KubeVirt's names, labels and units",
        arguments: [
            ("cpu_usage_seconds_total", [:], 1.5), ("cpu_user_usage_seconds_total", [:], 0.5),
            ("vcpu_seconds_total", ["id": "0", "state": "running"], 0.25),
            ("memory_actual_balloon_bytes", [:], 1_048_576), ("memory_resident_bytes", [:], 2_097_152),
            ("memory_pgmajfault_total", [:], 3), ("memory_domain_bytes", [:], 1_073_741_824),
            ("storage_iops_read_total", ["drive": "root"], 5),
            ("storage_write_times_seconds_total", ["drive": "root"], 2),
            ("network_receive_bytes_total", ["interface": "default"], 11),
            ("network_traffic_bytes_total", ["interface": "default", "type": "tx"], 12),
            ("dirty_rate_bytes_per_second", [:], 2_097_152),
            (
                "filesystem_used_bytes", ["disk_name": "vda1", "mount_point": "/", "file_system_type": "ext4"], 40
            ),
        ] as [(String, [String: String], Double)])
    func names(name: String, labels: [String: String], value: Double) throws {
        let page = try page([Self.instance], [Self.statistics])
        #expect(page.value("kubevirt_vmi_" + name, own.merging(labels) { $1 }) == value)
    }

    @Test("what libvirt does not tell has no series, rather than a zero")
    func absent() throws {
        let page = try page([Self.instance], [Self.statistics])
        #expect(page.types["kubevirt_vmi_memory_unused_bytes"] == nil)
        #expect(page.types["kubevirt_vmi_network_receive_errors_total"] == nil)
    }

    @Test("a VM without counters is still named with its phase, and a domain without a VM is not")
    func unmatched() throws {
        var pending = InstanceSample(namespace: "team", name: "new", domain: "team_new", phase: "Scheduled")
        pending.phase = "Scheduling"
        let page = try page([pending], [Self.statistics])
        #expect(page.types.keys.sorted() == ["kubevirt_vmi_info"])
        #expect(page.values.keys.first?.labels["phase"] == "Scheduling")
    }
}
